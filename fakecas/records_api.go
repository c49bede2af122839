package fakecas

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
)

func listActivities(x *exchange, _ string) answer { return listRecords(x, Activity) }

func listAlerts(x *exchange, _ string) answer { return listRecords(x, Alert) }

// listRecords answers a list, or a scan of activities.
func listRecords(x *exchange, kind Type) answer {
	q, err := parseQuery(x.r, x.body)
	if err == nil {
		x.server.faults.query(x, &q)
		err = q.complete(kind, x.server.settings())
	}
	if err != nil {
		return refusal(http.StatusBadRequest, err.Error())
	}
	f, err := compile(kind, q.filters, x.now())
	if err != nil {
		return refusal(http.StatusBadRequest, err.Error())
	}
	f.tests = append(f.tests, q.hidden...)
	t := x.server.Tenant().snapshot(kind)
	var p page
	switch {
	case q.stalled:
	case q.isScan:
		p = scan(&t, &q, f, x.now())
	default:
		p = list(&t, &q, f)
	}
	x.server.faults.page(x, &p)
	body := pageBody(&t, &p)
	return answer{status: http.StatusOK, body: *body, served: &served{&t, p.places}, release: func() { pageMemory.Put(body) }}
}

// complete fills in the documented defaults and checks what depends on the
// type of record. A limit beyond the bounds is brought within them.
func (q *query) complete(kind Type, s Settings) error {
	sorts := []string{"date", "created"}
	if kind == Alert {
		sorts = []string{"date", "severity"}
	}
	if q.sortField != "" && q.sortField != sorts[0] && q.sortField != sorts[1] {
		return fmt.Errorf("sortField: expected %s or %s, found %.40q", sorts[0], sorts[1], q.sortField)
	}
	if q.isScan && kind == Alert {
		return fmt.Errorf("isScan: expected for activities only")
	}
	if !q.isScan {
		or(&q.limit, s.ListLimit)
		q.limit = min(q.limit, s.ListLimit)
		return nil
	}
	q.limit = min(max(q.limit, s.ScanLimitMin), s.ScanLimitMax)
	q.withhold = max(q.withhold, s.Withhold)
	or(&q.sortField, scanOrder(q.filters))
	return nil
}

// scanOrder is the time by which a scan goes when it doesn't say: the one that
// its filters bound, so that a page's end can be resumed there.
func scanOrder(filters []byte) string {
	f, err := compile(Activity, filters, unixEpoch)
	if err == nil && f.created != allTime {
		return "created"
	}
	return "date"
}

// pageMemory holds the memory of bodies; a full scan page takes some 15 MB.
var pageMemory = sync.Pool{New: func() any { return new([]byte) }}

// pageBody writes a page as the API does. It gives the memory to the caller.
func pageBody(t *table, p *page) *[]byte {
	memory := pageMemory.Get().(*[]byte)
	b := append((*memory)[:0], `{"data":[`...)
	var r record // one for all: it would go to the heap each time
	for i, place := range p.places {
		if i > 0 {
			b = append(b, ',')
		}
		r = t.record(place)
		b = r.appendJSON(b)
	}
	b = append(b, `],"hasNext":`...)
	b = strconv.AppendBool(b, p.hasNext)
	b = append(b, `,"total":`...)
	b = strconv.AppendInt(b, int64(p.total), 10)
	if t.kind == Alert {
		b = append(b, `,"max":`...)
		b = strconv.AppendInt(b, int64(p.total), 10)
		b = append(b, `,"moreThanTotal":false`...)
	}
	if p.next != nil {
		b = append(b, `,"nextQueryFilters":`...)
		b = append(b, p.next...)
	}
	*memory = append(b, '}')
	return memory
}

func fetchActivity(x *exchange, id string) answer { return fetchRecord(x, Activity, id) }

func fetchAlert(x *exchange, id string) answer { return fetchRecord(x, Alert, id) }

func fetchRecord(x *exchange, kind Type, id string) answer {
	t, place, ok := x.server.Tenant().find(kind, id)
	if !ok {
		return refusal(http.StatusNotFound, fmt.Sprintf("no %s has the id %.60q", kind, id))
	}
	r := t.record(place)
	return answer{status: http.StatusOK, body: r.appendJSON(nil), served: &served{&t, []uint32{place}}}
}
