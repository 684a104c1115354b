package server

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
)

type ginKey struct{}

// withGin makes the Gin context, and through it the request, known to handlers that need the connection.
func withGin(g *gin.Context) {
	g.Request = g.Request.WithContext(context.WithValue(g.Request.Context(), ginKey{}, g))
}

func ginOf(ctx context.Context) *gin.Context {
	g, _ := ctx.Value(ginKey{}).(*gin.Context)
	return g
}

func requestOf(ctx context.Context) *http.Request { return ginOf(ctx).Request }
