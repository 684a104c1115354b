// Package workflow has the shapes by which workflowcheck knows a workflow.
package workflow

type Context interface{ Done() }
