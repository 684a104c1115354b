package server

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"gongzhi/notify"
	"gongzhi/procedure"
)

// channels says which channels outside of the platform are set up.
func (s *Server) channels() []ChannelView {
	var list []ChannelView
	for _, c := range notify.Outside() {
		v := ChannelView{Channel: c, Title: c.Title(), Ready: slices.Contains(s.Notifying.Channels, c)}
		if !v.Ready {
			v.Why = notify.Unconfigured(c)
		}
		list = append(list, v)
	}
	return list
}

func (s *Server) choiceView(c notify.Choice) *reply[ChoiceView] {
	return answer(ChoiceView{
		Available: s.channels(), Channels: c.Channels, Address: c.Address, Phone: c.Phone, URL: c.URL, Form: c.Form, HasSecret: c.Secret != "",
		Lost: c.Lost, Quiet: c.Quiet, From: c.From, To: c.To, Digest: c.Digest,
	})
}

func (s *Server) getChoice(ctx context.Context, _ *none) (*reply[ChoiceView], error) {
	c, err := s.Notifying.Messages.NotifyChoice(ctx, whoIs(ctx).User.ID)
	if err != nil {
		return nil, err
	}
	return s.choiceView(c), nil
}

// saveChoice replaces a choice as a whole, which may be repeated: its answer, which holds the address of a robot, is not kept for that.
func (s *Server) saveChoice(ctx context.Context, in *body[ChoiceInput]) (*reply[ChoiceView], error) {
	user := whoIs(ctx).User.ID
	old, err := s.Notifying.Messages.NotifyChoice(ctx, user)
	if err != nil {
		return nil, err
	}
	b := in.Body
	c := notify.Choice{
		Channels: b.Channels, Address: b.Address, Phone: b.Phone, URL: b.URL, Form: b.Form, Secret: old.Secret, Quiet: b.Quiet, From: b.From,
		To: b.To, Digest: b.Digest,
	}
	if b.Secret != nil {
		c.Secret = *b.Secret
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	for _, ch := range c.Channels {
		if !slices.Contains(s.Notifying.Channels, ch) {
			return nil, procedure.Errorf(procedure.Invalid, "notify.unconfigured", "%s，不能选择。请联系系统管理员。", notify.Unconfigured(ch))
		}
	}
	if c.Wants(notify.Webhook) {
		if err := s.Notifying.Webhook(c.URL); err != nil {
			return nil, procedure.Errorf(procedure.Invalid, notify.CodeChoice, "机器人地址不能使用：%s。请联系系统管理员。", err.Error())
		}
	}
	if err := s.Notifying.Messages.SaveNotifyChoice(ctx, user, c); err != nil {
		return nil, err
	}
	return s.choiceView(c), nil
}

func (s *Server) listTemplates(ctx context.Context, _ *none) (*reply[TemplateList], error) {
	edits, err := s.Notifying.Messages.NotifyTemplates(ctx)
	if err != nil {
		return nil, err
	}
	out := TemplateList{Fields: notify.FieldNames()}
	for _, k := range notify.Kinds() {
		out.Items = append(out.Items, templateView(k, edits))
	}
	return answer(out), nil
}

func templateView(k notify.Kind, edits []notify.Edit) TemplateView {
	own := notify.Default(k)
	v := TemplateView{Kind: k, Title: k.Title(), Subject: own.Subject, Text: own.Text, Default: TemplateWords{Subject: own.Subject, Text: own.Text}}
	for _, e := range edits {
		if e.Kind != k {
			continue
		}
		v.By, v.ByName, v.At = e.By, e.ByName, &e.At
		if e.Subject != "" {
			v.Subject, v.Text, v.Changed = e.Subject, e.Text, true
		}
	}
	return v
}

func (s *Server) getTemplate(ctx context.Context, in *MessageKindPath) (*reply[TemplateView], error) {
	edits, err := s.Notifying.Messages.NotifyTemplates(ctx)
	if err != nil {
		return nil, err
	}
	return answer(templateView(in.Kind, edits)), nil
}

func (s *Server) saveTemplate(ctx context.Context, in *messageTemplateInput) (*reply[TemplateView], error) {
	t := notify.Template{Kind: in.Kind, Subject: in.Body.Subject, Text: in.Body.Text}
	if err := s.Notifying.Messages.SaveNotifyTemplate(ctx, t, whoIs(ctx).User.ID, s.now()); err != nil {
		return nil, templateProblem(err)
	}
	return s.getTemplate(ctx, &in.MessageKindPath)
}

// templateProblem names the field that a refused template is refused for.
func templateProblem(err error) error {
	var part *notify.PartError
	if !errors.As(err, &part) {
		return err
	}
	p := newProblem(http.StatusUnprocessableEntity, part.Refusal.Code, procedure.FullStop(part.Refusal.Message))
	p.Errors = []ProblemError{{Path: part.Part, Code: part.Refusal.Code, Message: p.Detail}}
	return p
}

// previewTemplate fills a template in with samples, and writes nothing.
func (s *Server) previewTemplate(_ context.Context, in *messageTemplateInput) (*reply[TemplatePreview], error) {
	words, err := notify.Template{Kind: in.Kind, Subject: in.Body.Subject, Text: in.Body.Text}.Parse()
	if err != nil {
		return nil, templateProblem(err)
	}
	var out TemplatePreview
	for _, f := range notify.Samples(in.Kind) {
		l, err := words.Write(f)
		if err != nil {
			return nil, templateProblem(err)
		}
		const link = "https://gongzhi.example/cases/XW-ZR-2026-014"
		out.Samples = append(out.Samples, TemplateSample{Subject: l.Subject, Text: l.Text, HTML: l.HTML(link), Markdown: l.Markdown(link), SMS: l.Short()})
	}
	return answer(out), nil
}

func (s *Server) notifyHealth(ctx context.Context, _ *none) (*reply[NotifyHealth], error) {
	b, err := s.Notifying.Messages.NotifyBacklog(ctx, notify.Tick{Engine: s.Now(), Case: s.now(), Channels: s.Notifying.Channels})
	return answer(NotifyHealth{Channels: s.channels(), Backlog: b}), err
}
