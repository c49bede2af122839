package fakecas

import (
	"fmt"
	"io"
	"net/http"

	"siemdrill/agent/console"
)

func controlAgents(s *Server, w http.ResponseWriter, _ *http.Request) {
	list := []agentJSON{}
	for _, v := range s.tenant.Agents() {
		list = append(list, v.json())
	}
	sendResult(w, http.StatusOK, list, nil)
}

func controlAgent(s *Server, w http.ResponseWriter, r *http.Request) {
	sendAgent(s, w, http.StatusOK, r.PathValue("id"), "", nil)
}

func sendAgent(s *Server, w http.ResponseWriter, status int, id, token string, err error) {
	v, ok := s.tenant.Agent(id)
	if err == nil && !ok {
		err = fmt.Errorf("agent %.60q: %w", id, errNoAgent)
	}
	j := v.json()
	j.Token = token
	sendResult(w, status, j, err)
}

func controlAddAgent(s *Server, w http.ResponseWriter, r *http.Request) {
	c := console.DefaultConfiguration()
	err := readControl(r, &c)
	var a Agent
	if err == nil {
		a, err = s.tenant.AddAgent(c)
	}
	sendAgent(s, w, http.StatusCreated, a.ID, a.Token, err)
}

func controlEditAgent(s *Server, w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil {
		err = s.tenant.patchAgent(id, body)
	}
	sendAgent(s, w, http.StatusOK, id, "", err)
}

func controlDeleteAgent(s *Server, w http.ResponseWriter, r *http.Request) {
	sendResult(w, 0, nil, s.tenant.DeleteAgent(r.PathValue("id")))
}

func controlToken(s *Server, w http.ResponseWriter, r *http.Request) {
	token, err := s.tenant.RegenerateToken(r.PathValue("id"))
	sendResult(w, http.StatusCreated, map[string]string{"token": token}, err)
}

func controlAPIToken(s *Server, w http.ResponseWriter, _ *http.Request) {
	token, err := s.tenant.AddToken(Admin)
	sendResult(w, http.StatusCreated, map[string]string{"token": token}, err)
}
