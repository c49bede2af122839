package fakecas

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"time"

	"siemdrill/agent/console"
)

// preview is what a data type and its filter let through, as the wizard shows
// it before one goes on.
type preview struct {
	Title string
	Rows  []previewRow // the newest
}

// previewRow is a record in few words.
type previewRow struct {
	When           time.Time
	What, Who, App string
}

// previewRows is how many records a preview shows.
const previewRows = 5

// previews shows what an agent with that configuration would forward of the
// records that there are now.
func (p *portal) previews(v view, c console.Configuration) ([]preview, error) {
	sendsActivitiesOnly(&c)
	if err := validateConfiguration(c); err != nil {
		return nil, err
	}
	var all []preview
	for _, d := range []struct {
		kind Type
		name string
		console.DataType
	}{{Activity, "activities", c.Activities}, {Alert, "alerts", c.Alerts}} {
		if !d.Enabled {
			continue
		}
		total, rows, err := p.server.Tenant().newest(d.kind, d.Filters, c.Recovery)
		if err != nil {
			return nil, err
		}
		all = append(all, preview{v.previewTitle(d.name, total), rows})
	}
	return all, nil
}

// showPreview shows the form again, with what it would forward.
func (p *portal) showPreview(w http.ResponseWriter, page formPage, c console.Configuration, err error) {
	if err == nil {
		page.Preview, err = p.previews(page.view, c)
	}
	p.showForm(w, page, err)
}

func (v view) previewTitle(name string, total int) string {
	switch total {
	case 0:
		return fmt.Sprintf(v.text("preview-none"), v.text(name))
	case 1:
		return fmt.Sprintf(v.text("preview-one"), v.text(name))
	default:
		return fmt.Sprintf(v.text("preview-many"), v.text(name), total)
	}
}

// newest counts the records that a filter lets through, of a recovery agent
// those created within its time frame, and returns the last ones.
func (t *Tenant) newest(kind Type, filters json.RawMessage, frame *console.Recovery) (total int, rows []previewRow, err error) {
	f, err := compile(kind, filters, t.clock.Now())
	if err != nil {
		return 0, nil, err
	}
	if frame != nil {
		f.created.and(span{frame.From.UnixMilli(), frame.To.UnixMilli() - 1})
	}
	records := t.snapshot(kind)
	found := list(&records, &query{limit: previewRows}, f)
	for _, place := range found.places {
		r := records.record(place)
		rows = append(rows, previewRowOf(r.appendJSON(nil)))
	}
	return found.total, rows, nil
}

// previewRowOf reads a record as the API lists it. What is missing, or of
// another kind, is left empty: a customer's own records come as they are.
func previewRowOf(record []byte) previewRow {
	r := raw(record)
	row := previewRow{What: r.at("title").text(), Who: r.at("user.userName").text(), App: r.at("appName").text()}
	var ms float64
	if json.Unmarshal(r.at("timestamp"), &ms) == nil && math.Abs(ms) < 1<<53 {
		row.When = time.UnixMilli(int64(ms))
	}
	or(&row.What, r.at("description").text())
	for _, e := range r.at("entities").items() {
		switch e.at("type").text() {
		case "account":
			or(&row.Who, e.at("label").text())
		case "service":
			or(&row.App, e.at("label").text())
		}
	}
	return row
}
