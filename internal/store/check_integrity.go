package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/moviedb/moviedb/internal/catalog"
)

// mostMessages is how many things SQLite names of a damaged file.
const mostMessages = 1000

// integrity has SQLite read every page. An index that lacks rows of its table can
// be made again, and so can a word index; anything else is damage. So is an index
// that has as many rows as its table, but others: it may be the row that changed,
// and to make the index again would throw away what the row was.
func (c *Check) integrity(ctx context.Context) error {
	c.Step("pages")
	messages, err := all(rows(ctx, c.tx, scanText, fmt.Sprintf("PRAGMA integrity_check(%d)", mostMessages)))
	if err != nil && !isDamage(err) && cannotRead(err) { // a word index that cannot even be opened
		messages, err = c.integrityOfEach(ctx)
	}
	if err != nil {
		return err
	}
	indexes, short, seen := map[string]int{}, map[string]bool{}, map[string]bool{}
	var names []string
	damaged := false
	for _, m := range messages {
		if m == "ok" || seen[m] {
			continue
		}
		seen[m] = true
		if name, ok := wordIndexIn(m); ok {
			c.broken[name] = true
			continue
		}
		if name, ok := indexIn(m); ok {
			if indexes[name]++; indexes[name] == 1 {
				names = append(names, name)
			}
			short[name] = short[name] || strings.HasPrefix(m, "wrong # ") || len(messages) >= mostMessages
			continue
		}
		if isValueMessage(m) {
			continue // the rules of values find the row
		}
		damaged = true
		if err := c.damaged("", "SQLite finds damage: "+catalog.Visible(m)+"; restore a backup"); err != nil {
			return err
		}
	}
	for _, name := range names {
		if short[name] {
			continue
		}
		damaged = true
		text := fmt.Sprintf("the index %s has other values than its table (SQLite names %d), so that one of them is damaged; restore a backup", catalog.Visible(name), indexes[name])
		if err := c.damaged("", text); err != nil {
			return err
		}
	}
	if damaged {
		return nil
	}
	for _, name := range names {
		if err := c.index(ctx, name, indexes[name]); err != nil {
			return err
		}
	}
	return nil
}

// integrityOfEach has SQLite read one table after the other, but for the word
// indexes.
func (c *Check) integrityOfEach(ctx context.Context) (messages []string, err error) {
	tables, err := all(rows(ctx, c.tx, scanText, `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY rowid`))
	for _, name := range tables {
		some, err := all(rows(ctx, c.tx, scanText, `PRAGMA integrity_check("`+strings.ReplaceAll(name, `"`, `""`)+`")`))
		if err != nil {
			return messages, err
		}
		messages = append(messages, some...)
	}
	return messages, err
}

// index reports an index that disagrees with its table in n messages.
func (c *Check) index(ctx context.Context, name string, n int) error {
	var table string
	if err := c.tx.conn.QueryRowContext(ctx, `SELECT tbl_name FROM sqlite_schema WHERE type = 'index' AND name = ?`, name).Scan(&table); err != nil {
		return err
	}
	f := catalog.Finding{Code: catalog.FindingIndex, Table: table,
		Text: fmt.Sprintf("the index %s does not have the rows of its table (SQLite names %d)", catalog.Visible(name), n)}
	return c.found(f, func() error { return c.tx.exec(ctx, `REINDEX "`+strings.ReplaceAll(name, `"`, `""`)+`"`) })
}

// indexIn is the index that a message of integrity_check says is not as its
// table; the messages are those of pragma.c and vdbe's integrity check.
func indexIn(message string) (name string, ok bool) {
	switch {
	case strings.HasPrefix(message, "wrong # of entries in index "):
		return strings.TrimPrefix(message, "wrong # of entries in index "), true
	case strings.HasPrefix(message, "row ") && strings.Contains(message, " missing from index "),
		strings.HasPrefix(message, "row ") && strings.Contains(message, " values differ from index "),
		strings.HasPrefix(message, "rowid not at end-of-record for row "):
		i := strings.LastIndex(message, " index ")
		return message[i+len(" index "):], i >= 0
	}
	return "", false
}

// wordIndexIn is the word index that a message says is damaged.
func wordIndexIn(message string) (name string, ok bool) {
	for _, d := range wordTables() {
		if strings.Contains(message, "FTS5 table main."+d) || strings.Contains(message, "fts5: corruption") && strings.Contains(message, d) {
			return d, true
		}
	}
	return "", false
}

// isValueMessage tells that a message is about a value that a CHECK or NOT NULL
// refuses.
func isValueMessage(message string) bool {
	return strings.HasPrefix(message, "CHECK constraint failed in ") || strings.HasPrefix(message, "NULL value in ")
}

// wordTables are the names of all word indexes.
func wordTables() []string {
	return []string{"movie_words", "movie_texts", "person_words", "person_texts", "character_words"}
}
