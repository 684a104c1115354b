package server

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// emptyLists makes nil lists empty ones before an answer is written: a client never meets null where the document says list.
// It copies what it changes, because answers share memory with caches and the catalogue.
func emptyLists(_ huma.Context, _ string, v any) (any, error) {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return v, nil
	}
	return filled(rv).Interface(), nil
}

func filled(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct || !v.Elem().CanInterface() {
			return v
		}
		p := reflect.New(v.Elem().Type())
		p.Elem().Set(filled(v.Elem()))
		return p
	case reflect.Slice:
		if v.Type() == rawMessage || v.Type().Elem().Kind() == reflect.Uint8 {
			return v
		}
		s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(filled(v.Index(i)))
		}
		return s
	case reflect.Struct:
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.Field(i).Set(filled(v.Field(i)))
			}
		}
		return c
	}
	return v
}
