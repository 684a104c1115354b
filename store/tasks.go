package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Task finds a task of a case that the scope sees; CodeTask for a foreign one as for an unknown one.
func (r *Reader) Task(ctx context.Context, s record.Scope, id string) (record.Task, error) {
	var row taskRow
	err := within(r.read(ctx).Where("id = ?", id), s, tasksTable, "case_number").Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.Task{}, notFound(CodeTask, "没有这项待办，或您无权查看")
	}
	if err != nil {
		return record.Task{}, fmt.Errorf("read the task: %w", err)
	}
	return r.task(row.Body)
}

// task decodes a task and says what its procedure is called today.
func (r *Reader) task(body string) (record.Task, error) {
	t, err := decode[record.Task](body)
	t.KindName = r.kindName(t.Kind)
	return t, err
}

// CaseTasks returns all tasks of a case, in the order they were opened.
func (r *Reader) CaseTasks(ctx context.Context, number string) ([]record.Task, error) {
	var rows []taskRow
	err := r.read(ctx).Where("case_number = ?", number).Order("opened_seq").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the tasks of the case: %w", err)
	}
	return convert(rows, func(row taskRow) (record.Task, error) { return r.task(row.Body) })
}

// taskOrders are the orders of the boxes; the empty box holds every task that the scope sees.
var taskOrders = map[record.TaskBox]order{
	record.BoxTodo:    {list: "tasks.todo", by: "due", id: "id"},
	record.BoxOverdue: {list: "tasks.overdue", by: "due", id: "id"},
	record.BoxDone:    {list: "tasks.done", by: "closed_at", id: "id", desc: true},
	"":                {list: "tasks", by: "due", id: "id"},
}

// Tasks lists one box, a page at a time: 待办 are open tasks in the court of the scope, 已办 what its people answered,
// 超期 the open tasks past their deadline in all cases that it sees.
func (r *Reader) Tasks(ctx context.Context, s record.Scope, f record.TaskFilter) (record.Page[record.Task], error) {
	var page record.Page[record.Task]
	o, ok := taskOrders[f.Box]
	if !ok {
		return page, invalid(CodeFilter, "待办分类 %.40q 无效：应为 todo、done 或 overdue", f.Box)
	}
	q, err := filterTasks(box(r.read(ctx), s, f.Box), f)
	if err != nil {
		return page, err
	}
	q, limit, err := o.page(q, f.After, f.Limit)
	if err != nil {
		return page, err
	}
	var rows []taskRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read tasks: %w", err)
	}
	rows, page.Next = cut(o, rows, limit, func(t taskRow) (int64, string) {
		if o.desc {
			return t.ClosedAt, t.ID
		}
		return t.Due, t.ID
	})
	page.Items, err = convert(rows, func(row taskRow) (record.Task, error) { return r.task(row.Body) })
	return page, err
}

func box(q *gorm.DB, s record.Scope, b record.TaskBox) *gorm.DB {
	switch b {
	case record.BoxTodo:
		return heldBy(q, s, tasksTable, "open")
	case record.BoxDone:
		q = q.Where("state = ?", string(record.TaskDone))
		return byPeople(q, s, tasksTable, "case_number", "actor_user IN ? OR actor_for IN ?")
	case record.BoxOverdue:
		return within(q.Where("open = ? AND card = ?", true, red), s, tasksTable, "case_number")
	}
	return within(q, s, tasksTable, "case_number")
}

func filterTasks(q *gorm.DB, f record.TaskFilter) (*gorm.DB, error) {
	if f.Case != "" {
		q = q.Where("case_number = ?", f.Case)
	}
	if f.Text != "" {
		q = containing(q, "search", f.Text)
	}
	switch f.Due {
	case "":
	case "today":
		if f.Today == "" {
			return nil, invalid(CodeFilter, "筛选今日到期须给出日期")
		}
		q = q.Where("day = ?", f.Today)
	case yellow, red:
		q = q.Where("card = ?", f.Due)
	default:
		return nil, invalid(CodeFilter, "到期筛选 %.40q 无效：应为 today、yellow 或 red", f.Due)
	}
	return q, nil
}

// Counts returns the numbers of the 工作台. Today is the civil day in case time.
func (r *Reader) Counts(ctx context.Context, s record.Scope, today string) (record.Counts, error) {
	var c record.Counts
	db := r.read(ctx)
	var todo struct{ Todo, Today, Yellow, Red int }
	err := box(db.Table(tasksTable), s, record.BoxTodo).Select(`count(*) AS todo,
		coalesce(sum(CASE WHEN day = ? THEN 1 ELSE 0 END), 0) AS today,
		coalesce(sum(CASE WHEN card = ? THEN 1 ELSE 0 END), 0) AS yellow,
		coalesce(sum(CASE WHEN card = ? THEN 1 ELSE 0 END), 0) AS red`, today, yellow, red).Scan(&todo).Error
	if err != nil {
		return c, fmt.Errorf("count tasks: %w", err)
	}
	c.Todo, c.Today, c.Yellow, c.Red = todo.Todo, todo.Today, todo.Yellow, todo.Red
	started := byPeople(db.Table(casesTable).Where("open = ?", true), s, casesTable, "number", "initiator IN ?")
	copied := unreadOf(db.Table(copiesTable), s)
	for _, n := range []struct {
		q  *gorm.DB
		to *int
	}{
		{box(db.Table(tasksTable), s, record.BoxDone), &c.Done},
		{box(db.Table(tasksTable), s, record.BoxOverdue), &c.Overdue},
		{within(started, s, casesTable, "number"), &c.Started},
		{copied, &c.Copied},
	} {
		var count int64
		if err := n.q.Count(&count).Error; err != nil {
			return c, fmt.Errorf("count: %w", err)
		}
		*n.to = int(count)
	}
	return c, nil
}

// Copies lists copies (抄送) to the posts and people of a scope, newest first.
func (r *Reader) Copies(
	ctx context.Context, s record.Scope, unreadOnly bool, after string, limit int,
) (record.Page[record.Copy], error) {
	var page record.Page[record.Copy]
	o := order{list: "copies", by: "at", id: "id", desc: true}
	q := heldBy(r.read(ctx), s, copiesTable, "true") // read or not
	if unreadOnly {
		q = unreadOf(r.read(ctx), s)
	}
	q, limit, err := o.page(q, after, limit)
	if err != nil {
		return page, err
	}
	var rows []copyRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read copies: %w", err)
	}
	rows, page.Next = cut(o, rows, limit, func(c copyRow) (int64, string) { return c.At, c.ID })
	kinds, err := r.kindsOf(ctx, rows)
	if err != nil {
		return page, err
	}
	page.Items, err = convert(rows, func(row copyRow) (record.Copy, error) {
		c, err := decode[record.Copy](row.Body)
		c.KindName = kinds[c.Case]
		return c, err
	})
	if err != nil {
		return page, err
	}
	return page, r.readLater(ctx, page.Items)
}

func (r *Reader) kindsOf(ctx context.Context, copies []copyRow) (map[string]string, error) {
	if len(copies) == 0 {
		return nil, nil
	}
	numbers := make([]string, len(copies))
	for i, c := range copies {
		numbers[i] = c.CaseNumber
	}
	var rows []caseRow
	err := r.read(ctx).Select("number", "kind").Where("number IN ?", numbers).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read kinds: %w", err)
	}
	kinds := make(map[string]string, len(rows))
	for _, row := range rows {
		kinds[row.Number] = r.kindName(procedure.Kind(row.Kind))
	}
	return kinds, nil
}

// NextDue returns the earliest deadline of an open task, or end of an open wait, after a moment of case time.
func (r *Reader) NextDue(ctx context.Context, after time.Time) (time.Time, bool, error) {
	next := never
	for table, column := range map[string]string{tasksTable: "due", waitsTable: "until"} {
		var first *int64
		err := r.read(ctx).Table(table).Select("min("+column+")").
			Where("open = ? AND "+column+" > ? AND "+column+" < ?", true, micros(after), never).Scan(&first).Error
		if err != nil {
			return time.Time{}, false, fmt.Errorf("read the next deadline: %w", err)
		}
		if first != nil {
			next = min(next, *first)
		}
	}
	if next == never {
		return time.Time{}, false, nil
	}
	return moment(next), true, nil
}
