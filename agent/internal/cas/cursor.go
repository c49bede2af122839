package cas

// Cursor is the place up to which a list has been read. The zero value means
// never read. It is stored as JSON.
type Cursor struct {
	// Position is the highest Created that was read, in milliseconds.
	Position int64 `json:"position"`
}

// IsZero reports whether nothing was ever read.
func (c Cursor) IsZero() bool { return c.Position == 0 }
