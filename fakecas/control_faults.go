package fakecas

import (
	"net/http"
)

func controlFaults(s *Server, w http.ResponseWriter, _ *http.Request) {
	list := s.Faults()
	if list == nil {
		list = []Fault{}
	}
	sendResult(w, http.StatusOK, list, nil)
}

func controlInject(s *Server, w http.ResponseWriter, r *http.Request) {
	var f Fault
	err := readControl(r, &f)
	if err == nil {
		f.ID, err = s.Inject(f)
	}
	sendResult(w, http.StatusCreated, f, err)
}

func controlHealAll(s *Server, w http.ResponseWriter, _ *http.Request) {
	s.HealAll()
	sendResult(w, 0, nil, nil)
}

func controlHeal(s *Server, w http.ResponseWriter, r *http.Request) {
	if err := s.Heal(r.PathValue("id")); err != nil {
		sendControl(w, refusal(http.StatusNotFound, err.Error()), "")
		return
	}
	sendResult(w, 0, nil, nil)
}
