package fakecas

import (
	"fmt"
	"net/http"

	"siemdrill/agent/console"
)

// The row menu: edit, regenerate token, delete.

func (p *portal) edit(w http.ResponseWriter, r *http.Request) {
	a, ok := p.server.Tenant().Agent(r.PathValue("id"))
	if !ok {
		p.missing(w, r)
		return
	}
	p.render(w, http.StatusOK, "edit", formPage{view: p.view(w, r), ID: a.ID, Form: formOf(a.Configuration)})
}

func (p *portal) save(w http.ResponseWriter, r *http.Request) {
	a, ok := p.server.Tenant().Agent(r.PathValue("id"))
	if !ok {
		p.missing(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := r.ParseForm()
	page := formPage{view: p.view(w, r), ID: a.ID, Form: r.PostForm}
	if err == nil && r.PostForm.Get("go") == "preview" {
		c := detached(a.Configuration)
		err = apply(r.PostForm, &c)
		p.showPreview(w, page, c, err)
		return
	}
	if err == nil {
		err = p.server.Tenant().editFrom(a.ID, func(c *console.Configuration) error { return apply(r.PostForm, c) })
	}
	if err != nil {
		p.showForm(w, page, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// confirmPage asks before something that can't be undone.
type confirmPage struct {
	view
	Question, Consequence, Action, Class string
}

func (p *portal) confirm(w http.ResponseWriter, r *http.Request, what, class string) {
	a, ok := p.server.Tenant().Agent(r.PathValue("id"))
	if !ok {
		p.missing(w, r)
		return
	}
	v := p.view(w, r)
	question := fmt.Sprintf(v.text(what+"-question"), a.Configuration.Name)
	p.render(w, http.StatusOK, "confirm", confirmPage{v, question, v.text(what + "-effect"), v.text(what), class})
}

func (p *portal) confirmRegenerate(w http.ResponseWriter, r *http.Request) {
	p.confirm(w, r, "regenerate", "primary")
}

func (p *portal) confirmDelete(w http.ResponseWriter, r *http.Request) {
	p.confirm(w, r, "delete", "danger")
}

func (p *portal) regenerate(w http.ResponseWriter, r *http.Request) {
	a, _ := p.server.Tenant().Agent(r.PathValue("id"))
	token, err := p.server.Tenant().RegenerateToken(a.ID)
	if err != nil {
		p.missing(w, r)
		return
	}
	p.showOnce(a.ID, token)
	http.Redirect(w, r, "/agents/"+a.ID+"/token", http.StatusSeeOther)
}

func (p *portal) remove(w http.ResponseWriter, r *http.Request) {
	if p.server.Tenant().DeleteAgent(r.PathValue("id")) != nil {
		p.missing(w, r)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
