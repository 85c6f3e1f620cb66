package output

// A deleted record is shown as it was, with "deleted": true.
type (
	// DeletedMovie is a movie that is gone.
	DeletedMovie struct {
		Movie
		Deleted bool `json:"deleted"`
	}
	// DeletedPerson is a person who is gone.
	DeletedPerson struct {
		Person
		Deleted bool `json:"deleted"`
	}
	// DeletedCharacter is a part that is gone.
	DeletedCharacter struct {
		Character
		Deleted bool `json:"deleted"`
	}
	// DeletedGenre is a genre that is gone.
	DeletedGenre struct {
		Genre
		Deleted bool `json:"deleted"`
	}
	// DeletedFile is a file that is gone.
	DeletedFile struct {
		File
		Deleted bool `json:"deleted"`
	}
	// DeletedPhoto is a photo that is gone.
	DeletedPhoto struct {
		Photo
		Deleted bool `json:"deleted"`
	}
	// DeletedUser is a user who is gone.
	DeletedUser struct {
		User
		Deleted bool `json:"deleted"`
	}
	// DeletedCountry is a country that is gone.
	DeletedCountry struct {
		Country
		Deleted bool `json:"deleted"`
	}
)
