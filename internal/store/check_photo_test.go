package store_test

import (
	"testing"

	"github.com/moviedb/moviedb/internal/store"
)

// primaryDamages break the rule of primary photos, which the triggers keep.
func primaryDamages() []damage {
	const unguarded = `DROP TRIGGER photos_demote_ins; DROP TRIGGER photos_demote_upd; DROP TRIGGER photos_replace; DROP TRIGGER photos_sync_ins;
		DROP TRIGGER photos_sync_upd; DROP TRIGGER photos_sync_del; DROP TRIGGER persons_photo_upd; DROP TRIGGER persons_photo_ins;`
	schema := []string{"schema_changed photos", "schema_changed photos", "schema_changed photos", "schema_changed photos",
		"schema_changed photos", "schema_changed photos", "schema_changed persons", "schema_changed persons"}
	one := append(schema[:8:8], "primary_photo persons 1: ")
	return []damage{
		{name: "photo not named", script: unguarded + `UPDATE persons SET primary_photo_id = NULL WHERE id = 1`, found: one, quick: true, loses: true},
		{name: "photo not marked", script: unguarded + `UPDATE photos SET is_primary = 0 WHERE id = 1`, found: one, quick: true, loses: true},
		{name: "another named", script: unguarded + `UPDATE persons SET primary_photo_id = 2 WHERE id = 1`, found: one, quick: true, loses: true},
		{name: "a picture that is no photo", script: unguarded + `UPDATE persons SET primary_photo_id = 3 WHERE id = 1`, found: one, quick: true, loses: true},
		{name: "two marked", script: unguarded + `DROP INDEX photos_one_primary; UPDATE photos SET is_primary = 1`,
			found: append(one[:9:9], "schema_changed photos 0: the index photos_one_primary is missing"), quick: true, loses: true},
	}
}

// What the repair of a primary photo chooses, as "named by the person: photos".
func TestPrimaryPhotoThatARepairChooses(t *testing.T) {
	want := map[string]string{
		"photo not named":            "1|1:1, 2:0",
		"photo not marked":           "1|1:1, 2:0",
		"another named":              "1|1:1, 2:0",
		"a picture that is no photo": "1|1:1, 2:0, 3:0",
		"two marked":                 "1|1:1, 2:0",
	}
	for _, d := range primaryDamages() {
		o := checkable(t)
		byHand(t, o, d.script)
		inspect(t, o, store.CheckOptions{Fix: true})
		db := hand(t, o.Path)
		got := value(t, db, `SELECT primary_photo_id, (SELECT group_concat(file_id || ':' || is_primary, ', ' ORDER BY file_id) FROM photos WHERE person_id = 1)
			FROM persons WHERE id = 1`)
		if got != want[d.name] {
			t.Errorf("%s: got %s, want %s", d.name, got, want[d.name])
		}
		db.Close()
	}
}
