-- +goose Up

-- Who holds open tasks (无人可办): asked every minute, whatever number of tasks is closed.
CREATE INDEX tasks_holder ON tasks (holder_unit, holder_role, holder_user) WHERE open = TRUE AND state = 'open';
