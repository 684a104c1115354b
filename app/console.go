package app

import (
	"errors"
	"net/url"
)

// consoleBase is where Temporal's own console is; nil: nowhere.
func (c Config) consoleBase() (*url.URL, error) {
	if c.TemporalUIURL == "" {
		return nil, nil
	}
	u, err := url.Parse(c.TemporalUIURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("GONGZHI_TEMPORAL_UI_URL 应写作 https://temporal.example.cn，不带账号和参数")
	}
	return u, nil
}

// console gives the address of a run of a workflow in Temporal's own console, or nil where there is none. Every part of the address
// is escaped: a name cannot lead anywhere else.
func (c Config) console() (func(workflow, run string) string, error) {
	base, err := c.consoleBase()
	if base == nil || err != nil {
		return nil, err
	}
	return func(workflow, run string) string {
		return base.JoinPath("namespaces", segment(c.TemporalNamespace), "workflows", segment(workflow), segment(run), "history").String()
	}, nil
}

// segment is a text as one part of a path: «..» would climb out of it.
func segment(text string) string {
	switch text {
	case ".", "..", "":
		return "-"
	}
	return url.PathEscape(text)
}
