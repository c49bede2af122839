package cas

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

// service is a small Cloud App Security for these tests. It lists what is
// documented, in an order of its own within one instant, and answers wrongly
// through the fields below.
type service struct {
	mu        sync.Mutex
	records   []entry
	questions []question

	pageSize    int                                           // 0: as asked
	noNext      bool                                          // hasNext without nextQueryFilters
	cutsTies    bool                                          // a scan's page never ends inside an instant that fits it
	repeats     bool                                          // lists the last record of a page twice
	shuffles    bool                                          // lists a page in no order
	ignoresBody bool                                          // lists the newest 100, whatever is asked
	before      func(w http.ResponseWriter, n int) (did bool) // answers the nth request in its place
	prepare     func(n int)                                   // called before the nth request is answered
}

type entry struct {
	id       string
	created  time.Time
	listedAt time.Time
	key      string // the order in which it is listed
}

// question is what a request asked.
type question struct {
	path   string
	header http.Header
	request
}

func (s *service) add(created time.Time, late time.Duration, ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		reversed := []byte(id)
		slices.Reverse(reversed)
		key := fmt.Sprintf("%015d %s", created.UnixMilli(), reversed)
		s.records = append(s.records, entry{id, created.Truncate(time.Millisecond), created.Add(late), key})
	}
}

func (s *service) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records = slices.DeleteFunc(s.records, func(e entry) bool { return e.id == id })
}

func (s *service) last() question { return s.questions[len(s.questions)-1] }

// RoundTrip makes it a transport, so that no socket is needed.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result(), nil
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := question{path: r.URL.Path, header: r.Header}
	if err := json.NewDecoder(r.Body).Decode(&q.request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.questions = append(s.questions, q)
	n := len(s.questions)
	s.mu.Unlock()
	if s.prepare != nil {
		s.prepare(n)
	}
	if s.before != nil && s.before(w, n) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list(w, q)
}

func (s *service) list(w http.ResponseWriter, q question) {
	var filters struct {
		Created, Date struct{ Gte, Lt int64 }
		After         string
	}
	if err := json.Unmarshal(q.Filters, &filters); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if s.ignoresBody {
		filters.Created.Gte, filters.Date.Gte, filters.After = 0, 0, ""
	}
	var found []entry
	for _, e := range s.records {
		ms := e.created.UnixMilli()
		if !e.listedAt.After(time.Now()) && ms >= filters.Created.Gte && ms >= filters.Date.Gte && e.key > filters.After {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	limit := q.Limit
	if s.pageSize > 0 {
		limit = s.pageSize
	}
	if s.ignoresBody {
		slices.Reverse(found)
		limit, q.Skip, q.IsScan = 100, 0, false
	}
	found = found[min(q.Skip, len(found)):]
	answer := map[string]any{"data": []any{}, "hasNext": len(found) > limit, "total": len(found)}
	if len(found) > limit {
		end := limit
		for s.cutsTies && q.IsScan && end > 0 && found[end-1].created.Equal(found[limit].created) {
			end--
		}
		if end > 0 {
			limit = end
		}
		found = found[:limit]
		if q.IsScan && !s.noNext {
			answer["nextQueryFilters"] = map[string]any{"created": map[string]any{"gte": found[0].created.UnixMilli()}, "after": found[limit-1].key}
		}
	}
	if s.repeats && len(found) > 0 {
		found = append(found, found[len(found)-1])
	}
	if s.shuffles {
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	}
	var data []any
	for _, e := range found {
		ms := e.created.UnixMilli()
		data = append(data, map[string]any{"_id": e.id, "created": ms, "timestamp": ms})
	}
	if data != nil {
		answer["data"] = data
	}
	json.NewEncoder(w).Encode(answer)
}

func (s *service) client() *Client {
	return &Client{Base: "https://service.example", Token: "SECRET", HTTP: &http.Client{Transport: s}, PageSize: 500}
}

func ids(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s-%04d", prefix, i)
	}
	return all
}

func idsOf(records []Record) []string {
	var all []string
	for _, r := range records {
		all = append(all, r.ID)
	}
	return all
}

// stored is cur after a restart.
func stored(cur Cursor) Cursor {
	text, err := json.Marshal(cur)
	if err != nil {
		panic(err)
	}
	var again Cursor
	if err := json.Unmarshal(text, &again); err != nil {
		panic(err)
	}
	return again
}

func sorted(ids []string) []string { return slices.Sorted(slices.Values(ids)) }
