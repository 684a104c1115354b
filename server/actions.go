package server

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"gongzhi/procedure"
	"gongzhi/record"
)

// words are what a person wrote with an action. They stay in the database and never pass through the engine.
type words struct {
	opinion string
	files   []string
	fields  json.RawMessage
}

// acting is an action that has been checked, with the command as which it is stored.
type acting struct {
	kase    record.Case
	task    *record.Task // of an action on a task
	offer   offer
	command procedure.Command
	words   words
	place   string // the tasks that are open
}

func (s *Server) actOnTask(ctx context.Context, in *taskActionInput) (*statusReply[ActionResult], error) {
	if out, err := s.repeated(ctx); out != nil || err != nil {
		return out, err
	}
	a, err := s.onTask(ctx, in)
	if err != nil {
		return nil, s.keep(ctx, a.kase, a.task, a.words, err)
	}
	return s.submit(ctx, a.kase, a.task, a.command, a.words)
}

// onTask checks an action on a task. Nothing is stored.
func (s *Server) onTask(ctx context.Context, in *taskActionInput) (acting, error) {
	b, w := in.Body, words{in.Body.Opinion, in.Body.Files, in.Body.Fields}
	m, t, err := s.taskMatter(ctx, in.ID)
	if err != nil {
		return acting{}, err
	}
	a := acting{kase: m.kase, task: &t, words: w, place: m.place()}
	a.offer, err = find(m.task(t), b.Action, b.Answer)
	if closed := m.live(t); closed != nil && b.Action != procedure.ActTakeBack {
		err = closed // whatever else was wrong with the request
	} else if err == nil && a.offer.no != nil {
		err = a.offer.no
	}
	if err != nil {
		return a, err
	}
	c := procedure.Command{Case: t.Case, Action: b.Action, Task: t.ID, Answer: b.Answer}
	if c.ReturnTo, c.Mode, err = returning(a.offer, b.ReturnTo, b.Mode); err != nil {
		return a, err
	}
	if c.Removed, err = removing(a.offer, b.Removed); err != nil {
		return a, err
	}
	if c.Target, err = s.target(ctx, a.offer, b.Target); err != nil {
		return a, err
	}
	if c.Days, err = extending(a.offer, b.Days); err != nil {
		return a, err
	}
	if c.Actor, err = m.actorOn(t, b.Action); err != nil {
		return a, err
	}
	a.command = c
	return a, s.enough(ctx, a.offer, w, t.Case)
}

func (s *Server) actOnCase(ctx context.Context, in *caseActionInput) (*statusReply[ActionResult], error) {
	if out, err := s.repeated(ctx); out != nil || err != nil {
		return out, err
	}
	a, err := s.onCase(ctx, in)
	if err != nil {
		return nil, s.keep(ctx, a.kase, nil, a.words, err)
	}
	return s.submit(ctx, a.kase, nil, a.command, a.words)
}

// onCase checks an action on a case. Nothing is stored.
func (s *Server) onCase(ctx context.Context, in *caseActionInput) (acting, error) {
	b, w := in.Body, words{opinion: in.Body.Opinion, files: in.Body.Files}
	m, err := s.matter(ctx, in.Number)
	if err != nil {
		return acting{}, err
	}
	a := acting{kase: m.kase, words: w, place: m.place()}
	a.offer, err = find(m.onCase(), b.Action, "")
	if err == nil && a.offer.no != nil {
		err = a.offer.no
	}
	if err != nil {
		return a, err
	}
	c := procedure.Command{Case: m.kase.Number, Action: b.Action, Actor: m.who.actor()}
	if c.Ground, err = grounding(a.offer, b.Ground); err != nil {
		return a, err
	}
	if c.Notice, c.Days, err = m.displaying(a.offer, b.Notice, b.Days); err != nil {
		return a, err
	}
	if c.Target, err = s.target(ctx, a.offer, b.Target); err != nil {
		return a, err
	}
	if b.Action == procedure.ActWithdraw {
		c.Actor, _ = m.initiator()
	}
	a.command = c
	return a, s.enough(ctx, a.offer, w, m.kase.Number)
}

// readCopy marks a copy as read (已阅). The id of a copy is «number.seq», as that of a task.
func (s *Server) readCopy(ctx context.Context, in *IDPath) (*statusReply[ActionResult], error) {
	if out, err := s.repeated(ctx); out != nil || err != nil {
		return out, err
	}
	i := strings.LastIndexByte(in.ID, '.')
	if i < 0 {
		return nil, errNotFound
	}
	copies, err := s.Reader.CaseCopies(ctx, in.ID[:i])
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(copies, func(c record.Copy) bool { return c.ID == in.ID })
	if n < 0 {
		return nil, errNotFound
	}
	// Whoever was sent a copy may see that case, whatever its district.
	kase, err := s.Reader.Case(ctx, record.Scope{{Everything: true}}, in.ID[:i])
	if err != nil {
		return nil, err
	}
	actor, ok := whoIs(ctx).actorFor(copies[n].To, kase.Kind)
	if !ok {
		return nil, errNotFound
	}
	if copies[n].ReadAt != nil {
		return nil, conflict("copy.read", "%s已阅过。", orPerson(copies[n].ReadBy))
	}
	c := procedure.Command{Case: kase.Number, Action: procedure.ActRead, Task: in.ID, Actor: actor}
	if !kase.State.Open() {
		return s.readClosed(ctx, c)
	}
	return s.submit(ctx, kase, nil, c, words{})
}

// readClosed marks a copy of a closed case as read. No workflow is left to record it, and the record is complete: the mark is
// kept beside it (ADR 0015).
func (s *Server) readClosed(ctx context.Context, c procedure.Command) (*statusReply[ActionResult], error) {
	call := callOf(ctx)
	c.ID, c.At = call.key, s.now()
	stored, _, err := s.Commands.ReadCopy(ctx, record.Command{Command: c, Request: call.digest})
	if err != nil {
		return nil, err
	}
	return s.deliver(ctx, stored, nil)
}

// actorOn is as whom the person acts on a task: for the holder's actions in the holder's post, otherwise in the active one.
func (m matter) actorOn(t record.Task, action procedure.Action) (procedure.Actor, error) {
	if a, ok := m.who.actorFor(t.Holder, m.kase.Kind); ok {
		return a, nil
	}
	if slices.Contains([]By{ByConcerned, ByViewer}, actionPolicies[action].By) || slices.Contains(actionPolicies[action].Roles, m.who.Active.Role) {
		return m.who.actor(), nil
	}
	return procedure.Actor{}, m.holds(t)
}

func returning(o offer, stage string, mode procedure.ReturnMode) (string, procedure.ReturnMode, error) {
	if len(o.Needs.ReturnTo) == 0 {
		if stage != "" || mode != "" {
			return "", "", invalid("return.unexpected", "只有退回才需要选择环节和方式。")
		}
		return "", "", nil
	}
	if !slices.ContainsFunc(o.Needs.ReturnTo, func(r StageRef) bool { return r.Stage == stage }) {
		return "", "", invalid("return.stage", "请选择要退回的环节。")
	}
	if mode != procedure.Rerun && mode != procedure.Straight {
		return "", "", invalid("return.mode", "请选择退回后「重走」还是「直达」。")
	}
	return stage, mode, nil
}

func removing(o offer, task string) (string, error) {
	if o.Action != procedure.ActRemoveSigner {
		if task != "" {
			return "", invalid("signer.unexpected", "只有减签才需要选择加签人。")
		}
		return "", nil
	}
	if !slices.ContainsFunc(o.Needs.Removable, func(r TaskRef) bool { return r.Task == task }) {
		return "", invalid("signer.choice", "请选择一位尚未签署的加签人。")
	}
	return task, nil
}

func extending(o offer, days int) (int, error) {
	switch extends := o.Action == procedure.ActExtend; {
	case !extends && days != 0:
		return 0, invalid("extend.unexpected", "只有延期才需要填写天数。")
	case extends && days == 0:
		return 0, invalid("extend.days", "请填写延长的天数。")
	}
	return days, nil
}

// displaying is the notice that is displayed again, and for how many days.
func (m matter) displaying(o offer, id string, days int) (*procedure.Posted, int, error) {
	if len(o.Needs.Notice) == 0 {
		if id != "" || days != 0 {
			return nil, 0, invalid("notice.unexpected", "只有补公示才需要选择公告和天数。")
		}
		return nil, 0, nil
	}
	i := slices.IndexFunc(m.notices, func(n record.Notice) bool { return n.ID == id && n.Until != "" })
	switch {
	case i < 0:
		return nil, 0, invalid("notice.choice", "请选择要补公示的公告。")
	case days < 1:
		return nil, 0, invalid("notice.days", "请填写补公示的天数。")
	}
	return &procedure.Posted{Title: m.notices[i].Title, Text: m.notices[i].Text}, days, nil
}

func grounding(o offer, ground string) (string, error) {
	if len(o.Needs.Ground) == 0 {
		if ground != "" {
			return "", invalid("ground.unexpected", "只有暂停时钟才需要选择事由。")
		}
		return "", nil
	}
	if !slices.ContainsFunc(o.Needs.Ground, func(g Ground) bool { return g.Ground == ground }) {
		return "", invalid("ground.choice", "请选择暂停时钟的法定事由。")
	}
	return ground, nil
}

// target resolves to whom something is handed: a post that exists in a unit, or an active person of the unit.
func (s *Server) target(ctx context.Context, o offer, t *Target) (*procedure.Holder, error) {
	if !o.Needs.Target {
		if t != nil {
			return nil, invalid("target.unexpected", "这项操作不需要选择对象。")
		}
		return nil, nil
	}
	if t == nil || (t.Role == "") == (t.User == "") {
		return nil, invalid("target.choice", "请选择一个岗位，或一位人员。")
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	unit, ok := units[t.Unit]
	if !ok {
		return nil, invalid("target.unit", "没有代码为 %s 的单位。", t.Unit)
	}
	if err := inUse(unit); err != nil && unit.Code != whoIs(ctx).Active.Unit { // colleagues finish what runs
		return nil, err
	}
	h := procedure.Holder{Unit: unit.Code, UnitName: unit.Name}
	if t.Role != "" {
		if !slices.Contains(procedure.Roles(), t.Role) {
			return nil, invalid("target.role", "没有「%s」这种岗位。", t.Role)
		}
		h.Role, h.RoleName = t.Role, t.Role.Title()
		return &h, nil
	}
	user, _, err := s.Reader.UserByLogin(ctx, t.User)
	if err != nil {
		return nil, err
	}
	posts, err := s.Reader.PostsOf(ctx, user.ID, s.today())
	if err != nil {
		return nil, err
	}
	if user.Disabled || !slices.ContainsFunc(posts, func(p record.Post) bool { return p.Unit == unit.Code }) {
		return nil, invalid("target.absent", "%s目前不在%s任职，不能办理。", user.Name, unit.Name)
	}
	h.User, h.UserName = user.ID, user.Name
	return &h, nil
}

// enough refuses an action without the opinion or the file it needs, and files that may not be used here.
func (s *Server) enough(ctx context.Context, o offer, w words, number string) error {
	p := newProblem(http.StatusUnprocessableEntity, "input.required", "")
	if o.Needs.Opinion && strings.TrimSpace(w.opinion) == "" {
		p.Errors = append(p.Errors, ProblemError{"opinion", "opinion.required", "「" + o.Label + "」必须填写意见。"})
	}
	if o.Needs.Attachment && len(w.files) == 0 {
		p.Errors = append(p.Errors, ProblemError{"files", "attachment.required", "「" + o.Label + "」必须附上至少一个文件。"})
	}
	if len(p.Errors) > 0 {
		p.Code, p.Detail = p.Errors[0].Code, p.Errors[0].Message
		p.Type = "urn:gongzhi:" + p.Code
		return p
	}
	files, err := s.usableFiles(ctx, w.files)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Case != "" && f.Case != number {
			return invalid("attachment.used", "文件「%s」已用于另一个办件，请重新上传。", f.Name)
		}
	}
	return nil
}
