package store

import (
	"encoding/json"
	"fmt"

	"gongzhi/procedure"
)

func newEventRow(e procedure.Event) (eventRow, error) {
	actor, err := encode(e.Actor)
	if err != nil {
		return eventRow{}, err
	}
	files := ""
	if len(e.Files) > 0 {
		if files, err = encode(e.Files); err != nil {
			return eventRow{}, err
		}
	}
	return eventRow{
		CaseNumber: e.Case, Seq: e.Seq, Type: string(e.Type), At: micros(e.At), Actor: actor, Command: e.Command,
		Data: string(e.Data), Note: e.Note, Fields: string(e.Fields), Files: files, Prev: e.Prev, Hash: e.Hash,
	}, nil
}

func (r eventRow) event() (procedure.Event, error) {
	e := procedure.Event{
		Case: r.CaseNumber, Seq: r.Seq, Type: procedure.EventType(r.Type), At: moment(r.At), Command: r.Command,
		Data: json.RawMessage(r.Data), Note: r.Note, Prev: r.Prev, Hash: r.Hash,
	}
	if r.Fields != "" {
		e.Fields = json.RawMessage(r.Fields)
	}
	if err := json.Unmarshal([]byte(r.Actor), &e.Actor); err != nil {
		return e, fmt.Errorf("actor of event %s/%d: %w", r.CaseNumber, r.Seq, err)
	}
	if r.Files != "" {
		if err := json.Unmarshal([]byte(r.Files), &e.Files); err != nil {
			return e, fmt.Errorf("files of event %s/%d: %w", r.CaseNumber, r.Seq, err)
		}
	}
	return e, nil
}

func events(rows []eventRow) ([]procedure.Event, error) { return convert(rows, eventRow.event) }
