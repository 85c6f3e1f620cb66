package catalog

// Finding is something that a check of the catalog found wrong.
type Finding struct {
	Code  string // one of the words below, which never change
	Table string // "" if it is about no table
	ID    int64  // of the row; 0 if it is about several, none, or one without an id
	Text  string // what is wrong, and what to do if nothing was done
	Fixed bool   // it was repaired
}

// What can be wrong with a catalog.
const (
	FindingDamaged        = "damaged"            // the file itself: pages that cannot be read
	FindingIndex          = "index_wrong"        // an index of SQLite disagrees with its table
	FindingSchema         = "schema_changed"     // a part of the schema is missing, changed, or not ours
	FindingSequence       = "sequence_low"       // an id could be given a second time
	FindingReference      = "dangling_reference" // a row refers to one that is not there
	FindingPrimaryPhoto   = "primary_photo"      // a person's primary photo and the photos disagree
	FindingDerived        = "derived_wrong"      // a search index or a key disagrees with the records
	FindingValue          = "value_refused"      // the program would not write such a value today
	FindingDuplicate      = "duplicate_name"     // two names are the same to the program
	FindingContentMissing = "content_missing"    // a file has no content in the managed directory
	FindingContentDamaged = "content_damaged"    // the content of a file is another one
	FindingOrphan         = "orphan_content"     // content in the managed directory that no file stands for
	FindingTemp           = "temp_file"          // what a killed process left behind
	FindingShared         = "shared_directory"   // another catalog keeps content in the managed directory
	FindingPermissions    = "permissions"        // others can read what is ours
)
