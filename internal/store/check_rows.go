package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/moviedb/moviedb/internal/catalog"
)

// sequences looks for tables in which an id could be given twice.
func (c *Check) sequences(ctx context.Context) error {
	for _, t := range Tables() {
		if !t.HasID() {
			continue
		}
		var highest, seq sql.NullInt64
		err := c.tx.conn.QueryRowContext(ctx, `SELECT (SELECT max(id) FROM `+t.Name+`), (SELECT max(seq) FROM sqlite_sequence WHERE name = ?)`, t.Name).
			Scan(&highest, &seq)
		if err != nil {
			return err
		}
		if highest.Int64 <= seq.Int64 {
			continue
		}
		f := catalog.Finding{Code: catalog.FindingSequence, Table: t.Name,
			Text: fmt.Sprintf("the highest id is %d, but the sequence of ids says %d", highest.Int64, seq.Int64)}
		err = c.found(f, func() error { return (&Load{c.tx}).SetSequence(ctx, t, highest.Int64) })
		if err != nil {
			return err
		}
	}
	return nil
}

// values looks for values that would not be written today.
func (c *Check) values(ctx context.Context) error {
	for _, t := range Tables() {
		c.Step("values of " + t.Name)
		for row, err := range c.tx.Rows(ctx, t) {
			if err != nil {
				return err
			}
			for i := range t.Columns {
				if err := c.value(t, i, row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// value looks at one value of a row.
func (c *Check) value(t Table, i int, row []any) error {
	col := &t.Columns[i]
	err := c.refusal(col, row[i])
	if err == nil {
		return nil
	}
	f := catalog.Finding{Code: catalog.FindingValue, Table: t.Name, Text: fmt.Sprintf("%s: %s", col.Name, catalog.Visible(err.Error()))}
	if id, ok := row[0].(int64); ok && t.HasID() {
		f.ID = id
	}
	return c.Report(f)
}

// refusal is why a value would not be written, nil if it would.
func (c *Check) refusal(col *Column, v any) error {
	switch v := v.(type) {
	case nil:
		if col.Required {
			return errors.New("it is missing")
		}
		return nil
	case string:
		if col.Type != Text {
			break
		}
		if rule := c.o.Rules[col.Name]; rule != nil {
			return rule(v)
		}
		return catalog.CheckText(col.Name, v)
	case int64:
		if col.Type != Integer && col.Type != Bool {
			break
		}
		return catalog.CheckNumber(col.Name, v)
	case float64:
		if col.Type != Real {
			break
		}
		return catalog.CheckNumber(col.Name, v)
	}
	return errors.New("it is of another type than the column")
}
