package load

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	. "github.com/onsi/gomega"
)

func TestLive(t *testing.T) {
	g := NewWithT(t)
	var l Live
	g.Expect(l.Close()).To(Succeed())
	for _, bad := range []string{"", "9090", ":9090", "0.0.0.0:0", "192.0.2.1:80", "example.test:80"} {
		_, err := l.Start(bad)
		g.Expect(err).To(MatchError(ContainSubstring("expected a loopback address")), bad)
	}
	address, err := l.Start("127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer l.Close()
	l.Set(Sample{Created: 7, Arrived: 4, AgeP99: 1.5})
	answer, err := http.Get("http://" + address.String() + "/metrics")
	g.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(bytes.Split(text, []byte("\n"))).To(ContainElements(
		[]byte("# TYPE siemdrill_load_created_total counter"),
		[]byte("siemdrill_load_created_total 7"),
		[]byte("siemdrill_load_backlog_records 3"),
		[]byte("siemdrill_load_age_p99_seconds 1.5"),
	))
}
