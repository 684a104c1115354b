package app

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// tree is a reader that knows units only.
type tree struct {
	intakeReader
	units []record.Unit
}

func (r tree) Units(context.Context) ([]record.Unit, error) { return r.units, nil }

// TestNewApplicationsFindUnitsInUse: what is applied for may name units of its district and level that are in use, and no other.
func TestNewApplicationsFindUnitsInUse(t *testing.T) {
	t.Parallel()
	units := []record.Unit{
		{Code: "0101", Level: procedure.Community, District: "XW"},
		{Code: "0102", Level: procedure.Community, District: "XW", Disabled: true},
		{Code: "XW-01", Level: procedure.Street, District: "XW"},
		{Code: "0901", Level: procedure.Community, District: "HC"},
	}
	found, err := intake{r: tree{units: units}}.units(t.Context(), "XW", procedure.Community)
	require.NoError(t, err)
	require.Equal(t, []string{"0101"}, codes(found))
}
