package fakecas_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"siemdrill/fakecas"
)

// A test of a client of the service: one line starts it.
func ExampleNewTestServer() {
	test := func(t *testing.T) {
		srv := fakecas.NewTestServer(t)
		srv.Tenant().AddActivities(3, fakecas.Spread{Ago: time.Minute})

		body := []byte(`{"filters":{},"limit":10}`)
		request, _ := http.NewRequest("POST", srv.URL+"/api/v1/activities/", bytes.NewReader(body))
		request.Header.Set("Authorization", "Token "+srv.Token)
		answer, err := srv.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var list struct {
			Total   int
			HasNext bool
		}
		if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
			t.Fatal(err)
		}
		fmt.Println(list.Total, list.HasNext)
	}
	_ = test
}

// The same, as a test that runs.
func TestExample(t *testing.T) {
	srv := fakecas.NewTestServer(t)
	srv.Tenant().AddActivities(3, fakecas.Spread{Ago: time.Minute})
	request, _ := http.NewRequest("GET", srv.URL+"/api/v1/activities/", nil)
	request.Header.Set("Authorization", "Token "+srv.Token)
	answer, err := srv.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var list struct{ Total int }
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil || list.Total != 3 {
		t.Fatalf("total %d, error %v; expected 3", list.Total, err)
	}
}

// The zero Server works, and so does a fault on it.
func ExampleServer() {
	var srv fakecas.Server
	if err := srv.Start("127.0.0.1:0"); err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	id, err := srv.Inject(fakecas.Fault{Name: "status", Where: "activities", First: 2, Args: map[string]string{"code": "502"}})
	fmt.Println(id, err)
	fmt.Println(srv.Heal("no such fault"))
	// Output:
	// f1 <nil>
	// fault "no such fault": does not hold
}
