package ops

import (
	"encoding/json"
	"time"

	"gongzhi/procedure"
)

// BatchState is where a batch is.
type BatchState string

// The states of a batch.
const (
	BatchDraft   BatchState = "draft" // its cases are chosen, and it is known what would happen to each; nothing has been done
	BatchRunning BatchState = "running"
	BatchStopped BatchState = "stopped"
	BatchDone    BatchState = "done"
)

// ItemState is what has become of one case of a batch.
type ItemState string

// The states of an item.
const (
	ItemPlanned ItemState = "planned" // it will be done
	ItemSent    ItemState = "sent"    // the command is stored, and its case has not answered yet
	ItemDone    ItemState = "done"
	ItemSkipped ItemState = "skipped" // it could not be done, when it was planned or when its turn came
	ItemFailed  ItemState = "failed"  // the program or the machine failed
)

// BatchItem is one case of a batch. Which cases these are is settled when the batch is made, and never changes.
type BatchItem struct {
	N      int64     `json:"n"`
	Number string    `json:"case"`
	Title  string    `json:"title,omitempty"`
	Task   string    `json:"task,omitempty"`
	State  ItemState `json:"state" enum:"planned,sent,done,skipped,failed"`
	Plan   string    `json:"plan"`           // what will happen, or why nothing will, as it was found when the batch was made
	Text   string    `json:"text,omitempty"` // what happened
	At     time.Time `json:"at"`             // of the last of these
	Place  string    `json:"-"`              // the tasks that were open then: a case that has moved on since is left alone
}

// BatchCounts are the numbers of items.
type BatchCounts struct {
	Total   int `json:"total"`
	Planned int `json:"planned"`
	Sent    int `json:"sent"`
	Done    int `json:"done"`
	Skipped int `json:"skipped"`
	Failed  int `json:"failed"`
}

// Add counts items of a state.
func (c *BatchCounts) Add(s ItemState, n int) {
	c.Total += n
	switch s {
	case ItemPlanned:
		c.Planned += n
	case ItemSent:
		c.Sent += n
	case ItemDone:
		c.Done += n
	case ItemSkipped:
		c.Skipped += n
	case ItemFailed:
		c.Failed += n
	}
}

// Batch is one cure for many cases (批量处置).
type Batch struct {
	ID            string          `json:"id"`
	Cure          Cure            `json:"remedy"`
	Label         string          `json:"label"`
	Details       string          `json:"details,omitempty"` // to whom, how long
	Chosen        string          `json:"chosen"`            // by which filter, in words
	Reason        string          `json:"reason"`
	State         BatchState      `json:"state" enum:"draft,running,stopped,done"`
	Version       int64           `json:"version"` // grows with each act: two operators cannot overwrite each other
	Second        bool            `json:"second"`  // a second person must confirm it before it runs
	By            string          `json:"by"`
	ByName        string          `json:"by_name"`
	At            time.Time       `json:"at"`
	Confirmer     string          `json:"confirmer,omitempty"`
	ConfirmerName string          `json:"confirmer_name,omitempty"`
	Runner        string          `json:"runner,omitempty"` // in whose name it is done: whoever started or resumed it last
	RunnerName    string          `json:"runner_name,omitempty"`
	Why           string          `json:"why,omitempty"` // it stopped by itself
	Counts        BatchCounts     `json:"counts"`
	History       []Entry         `json:"history"` // oldest first
	Post          string          `json:"-"`       // of the runner
	Area          string          `json:"-"`       // path of the units that its maker watches over
	Order         json.RawMessage `json:"-"`
}

// What happens to a batch, as its history names it.
const (
	BatchMade    = "made"
	BatchConfirm = "confirmed"
	BatchRun     = "run"
	BatchStop    = "stopped"
	BatchResume  = "resumed"
	BatchEnd     = "done" // every item has its result
)

// BatchAct is what somebody does with a batch. Without By it is the program: it ends a batch, or stops one that cannot go on.
type BatchAct struct {
	What    string
	Version int64 // the one the batch was read with; not of the program
	By      string
	ByName  string
	Post    string // in which post, of BatchRun and BatchResume
	Text    string
	At      time.Time
}

// Codes of the refusals of acts on batches.
const (
	CodeBatchStale       = "batch.stale"
	CodeBatchState       = "batch.state"
	CodeBatchNothing     = "batch.nothing"
	CodeBatchUnconfirmed = "batch.unconfirmed"
	CodeBatchSame        = "batch.same_person"
)

// Act says what an act makes of a batch.
func (b Batch) Act(a BatchAct) (Batch, error) {
	if a.By != "" && a.Version != b.Version {
		return b, procedure.Errorf(procedure.Conflict, CodeBatchStale, "%s，您的操作没有生效。请刷新后再办", b.last())
	}
	var err error
	switch a.What {
	case BatchConfirm:
		err = b.confirm(a)
	case BatchRun, BatchResume:
		err = b.start(a)
	case BatchStop:
		if err = b.in(BatchRunning); err == nil {
			b.State, b.Why = BatchStopped, ""
			if a.By == "" {
				b.Why = a.Text
			}
		}
	case BatchEnd:
		if err = b.in(BatchRunning); err == nil {
			b.State = BatchDone
		}
	default:
		err = procedure.Errorf(procedure.Invalid, "batch.act", "没有「%.20s」这种操作", a.What)
	}
	if err != nil {
		return b, err
	}
	b.Version++
	b.History = append(b.History[:len(b.History):len(b.History)], Entry{At: a.At, By: a.By, ByName: a.ByName, What: a.What, Text: a.Text})
	return b, nil
}

func (b *Batch) confirm(a BatchAct) error {
	switch {
	case !b.Second:
		return procedure.Errorf(procedure.Conflict, CodeBatchState, "「%s」不需要复核", b.Label)
	case b.Confirmer != "":
		return procedure.Errorf(procedure.Conflict, CodeBatchState, "%s已先一步作了复核", b.ConfirmerName)
	case a.By == b.By:
		return procedure.Errorf(procedure.Conflict, CodeBatchSame, "提出人不能复核自己提出的处置，请另一位同事确认")
	}
	b.Confirmer, b.ConfirmerName = a.By, a.ByName
	return b.in(BatchDraft)
}

func (b *Batch) start(a BatchAct) error {
	from := BatchDraft
	if a.What == BatchResume {
		from = BatchStopped
	}
	if err := b.in(from); err != nil {
		return err
	}
	switch {
	case b.Second && b.Confirmer == "":
		return procedure.Errorf(procedure.Conflict, CodeBatchUnconfirmed, "「%s」不能挽回，要由另一位同事复核以后才能开始", b.Label)
	case b.Second && b.Confirmer == a.By:
		return procedure.Errorf(procedure.Conflict, CodeBatchSame, "复核人不能自己执行，请提出人或另一位同事执行")
	case b.Counts.Planned+b.Counts.Sent == 0:
		return procedure.Errorf(procedure.Conflict, CodeBatchNothing, "没有一件可以处置")
	}
	b.State, b.Runner, b.RunnerName, b.Post, b.Why = BatchRunning, a.By, a.ByName, a.Post, ""
	return nil
}

var batchStates = map[BatchState]string{BatchDraft: "还没有开始", BatchRunning: "正在执行", BatchStopped: "已经停止", BatchDone: "已经执行完"}

func (b *Batch) in(state BatchState) error {
	if b.State == state {
		return nil
	}
	return procedure.Errorf(procedure.Conflict, CodeBatchState, "这一批%s，不能这样操作", batchStates[b.State])
}

// last is the last line of the history as it is told to somebody who came second.
func (b Batch) last() string {
	if len(b.History) == 0 {
		return "这一批已有变化"
	}
	e := b.History[len(b.History)-1]
	who := e.ByName
	if e.By == "" {
		who = "系统"
	}
	what := map[string]string{BatchMade: "建立了这一批", BatchConfirm: "作了复核", BatchRun: "开始执行", BatchStop: "停止了执行",
		BatchResume: "继续执行", BatchEnd: "记下了执行完毕"}[e.What]
	return who + "已先一步在" + clockOf(e.At) + what
}
