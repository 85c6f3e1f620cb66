package output

// A deleted record is shown as it was, with "deleted": true.
type (
	// DeletedMovie is a movie that is gone.
	DeletedMovie struct {
		Movie
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
	// DeletedPerson is a person who is gone.
	DeletedPerson struct {
		Person
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
	// DeletedCharacter is a part that is gone.
	DeletedCharacter struct {
		Character
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
	// DeletedGenre is a genre that is gone.
	DeletedGenre struct {
		Genre
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
	// DeletedFile is a file that is gone.
	DeletedFile struct {
		File
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
	// DeletedPhoto is a photo that is gone.
	DeletedPhoto struct {
		Photo
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
	// DeletedUser is a user who is gone.
	DeletedUser struct {
		User
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
	// DeletedCountry is a country that is gone.
	DeletedCountry struct {
		Country
		Deleted bool `json:"deleted" doc:"true: it is gone, or would be with --dry-run"`
	}
)
