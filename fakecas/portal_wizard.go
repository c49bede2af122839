package fakecas

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"siemdrill/agent/console"
)

// wizard begins the four steps by which an agent is added. What was entered
// travels in the form from step to step; nothing is kept until the third ends.
func (p *portal) wizard(w http.ResponseWriter, r *http.Request) {
	p.showStep(w, p.view(w, r), 1, formOf(console.DefaultConfiguration()), nil)
}

func (p *portal) showStep(w http.ResponseWriter, v view, step int, form url.Values, err error) {
	p.showForm(w, formPage{view: v, Step: step, Steps: v.steps(), Form: form}, err)
}

// showForm shows a step of the wizard, or the form of an agent, and what is
// wrong with it.
func (p *portal) showForm(w http.ResponseWriter, page formPage, err error) {
	status := http.StatusOK
	if err != nil {
		page.Error, status = err.Error(), http.StatusBadRequest
	}
	if page.Step == 0 {
		p.render(w, status, "edit", page)
		return
	}
	page.carry()
	p.render(w, status, "wizard", page)
}

// carry puts what the other steps asked for into the page.
func (page *formPage) carry() {
	for s, names := range fieldsOf {
		for _, name := range names {
			if v := page.Form.Get(name); s != page.Step && v != "" {
				page.Carried = append(page.Carried, formValue{name, v})
			}
		}
	}
}

func (v view) steps() []string {
	return []string{v.text("step-general"), v.text("step-remote"), v.text("step-data"), v.text("step-token")}
}

// wizardStep takes in one step and shows the next, or adds the agent.
func (p *portal) wizardStep(w http.ResponseWriter, r *http.Request) {
	v := p.view(w, r)
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		p.showStep(w, v, 1, url.Values{}, err)
		return
	}
	step, err := strconv.Atoi(r.PostForm.Get("step"))
	if err != nil || step < 1 || step > 3 {
		p.showStep(w, v, 1, r.PostForm, errors.New("step: expected 1 to 3"))
		return
	}
	if r.PostForm.Get("go") == "back" {
		p.showStep(w, v, max(step-1, 1), r.PostForm, nil)
		return
	}
	if err := checkStep(step, r.PostForm); err != nil {
		p.showStep(w, v, step, r.PostForm, err)
		return
	}
	if step < 3 {
		p.showStep(w, v, step+1, r.PostForm, nil)
		return
	}
	c := console.DefaultConfiguration()
	err = apply(r.PostForm, &c)
	if r.PostForm.Get("go") == "preview" {
		p.showPreview(w, formPage{view: v, Step: 3, Steps: v.steps(), Form: r.PostForm}, c, err)
		return
	}
	var a Agent
	if err == nil {
		a, err = p.server.Tenant().AddAgent(c)
	}
	if err != nil {
		p.showStep(w, v, 3, r.PostForm, err)
		return
	}
	p.showOnce(a.ID, a.Token)
	http.Redirect(w, r, "/agents/"+a.ID+"/token?new=1", http.StatusSeeOther)
}

// checkStep checks what a step asked for, with something valid in the place of
// what comes later.
func checkStep(step int, form url.Values) error {
	probe := formOf(console.DefaultConfiguration())
	probe.Set("name", "probe")
	probe.Set("host", "probe")
	probe.Set("port", "1")
	for s := 1; s <= step; s++ {
		for _, name := range fieldsOf[s] {
			probe[name] = form[name]
		}
	}
	c := console.DefaultConfiguration()
	if err := apply(probe, &c); err != nil {
		return err
	}
	return validateConfiguration(c)
}

// showOnce lets a token be shown on the next page.
func (p *portal) showOnce(id, token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown[id] = token
}

// tokenPage shows a token, once.
type tokenPage struct {
	view
	Name, Token string
	Step        int
	Steps       []string // after the wizard
}

func (p *portal) token(w http.ResponseWriter, r *http.Request) {
	a, ok := p.server.Tenant().Agent(r.PathValue("id"))
	if !ok {
		p.missing(w, r)
		return
	}
	p.mu.Lock()
	token := p.shown[a.ID]
	delete(p.shown, a.ID)
	p.mu.Unlock()
	page := tokenPage{view: p.view(w, r), Name: a.Configuration.Name, Token: token}
	page.Once = token != ""
	if r.URL.Query().Get("new") != "" {
		page.Step, page.Steps = 4, page.steps()
	}
	p.render(w, http.StatusOK, "token", page)
}
