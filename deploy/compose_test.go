// Package deploy_test checks what is deployed without running Docker.
package deploy_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"gongzhi/app"
)

// settings are the variables that the programs read. Each may also be given as a file, with _FILE behind its name.
var settings = app.Variables()

// oneShots are the services that end when their work is done.
var oneShots = []string{"migrate", "temporal-namespace", "temporal-schema"}

func load(t *testing.T, files ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions(files, cli.WithWorkingDirectory(".."), cli.WithEnv(nil))
	require.NoError(t, err)
	project, err := options.LoadProject(context.Background())
	require.NoError(t, err)
	return project
}

const (
	composeFile = "../docker-compose.yml"
	consoleFile = "compose.temporal-ui.yml"
	notifyFile  = "compose.notify.yml"
	observeFile = "compose.observe.yml"
)

func TestServices(t *testing.T) {
	t.Parallel()
	project := load(t, composeFile)
	require.Equal(t,
		[]string{"migrate", "postgres", "server", "temporal", "temporal-namespace", "temporal-schema", "temporal-ui", "worker"},
		slices.Sorted(maps.Keys(project.Services)))
	require.Empty(t, problems(project))
	looking := load(t, composeFile, consoleFile)
	require.Empty(t, problems(looking))
	require.Equal(t, "http://127.0.0.1:8233", deref(looking.Services["server"].Environment["GONGZHI_TEMPORAL_UI_URL"]), "operators find the console")
	require.NotContains(t, project.Services["server"].Environment, "GONGZHI_TEMPORAL_UI_URL", "where the console is closed there is no link")

	watched := load(t, composeFile, observeFile)
	require.Empty(t, problems(watched))
	require.Contains(t, watched.Services["worker"].Networks, "watch", "or nobody can ask it")
	require.NotContains(t, watched.Services["worker"].Networks, "front")

	telling := load(t, composeFile, notifyFile)
	require.Empty(t, problems(telling))
	require.Contains(t, telling.Services["worker"].Networks, "front", "whoever sends must reach the mail server")
	require.NotContains(t, project.Services["worker"].Networks, "front", "and nobody else is connected")
}

// TestCommandsAreOurPrograms looks for what the containers run among the programs that the image is built with.
func TestCommandsAreOurPrograms(t *testing.T) {
	t.Parallel()
	project := load(t, composeFile)
	dockerfile, err := os.ReadFile("Dockerfile")
	require.NoError(t, err)
	for name, want := range map[string][]string{
		"migrate": {"gongzhi-server", "migrate"}, "server": {"gongzhi-server"}, "worker": {"gongzhi-worker"},
	} {
		service := project.Services[name]
		require.Equal(t, want, []string(service.Command), name)
		require.Equal(t, "deploy/Dockerfile", service.Build.Dockerfile, name)
		require.Contains(t, string(dockerfile), "./cmd/"+want[0])
	}
}

// TestOrder says who waits for whom.
func TestOrder(t *testing.T) {
	t.Parallel()
	project := load(t, composeFile)
	for name, want := range map[string][]string{
		"postgres":           {},
		"temporal-schema":    {"postgres"},
		"temporal":           {"temporal-schema"},
		"temporal-namespace": {"temporal"},
		"temporal-ui":        {"temporal"},
		"migrate":            {"postgres"},
		"server":             {"migrate", "temporal-namespace"},
		"worker":             {"migrate", "temporal-namespace"},
	} {
		require.Equal(t, want, slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(project.Services[name].DependsOn)))), name)
	}
}

// problems returns what is wrong with a project, so that the guards can be tried on broken ones.
func problems(project *types.Project) []string {
	var found []string
	complain := func(service, format string, args ...any) {
		found = append(found, service+": "+fmt.Sprintf(format, args...))
	}
	for name, service := range project.Services {
		for _, port := range service.Ports {
			if port.HostIP != "127.0.0.1" {
				complain(name, "port %s is published beyond loopback", port.Published)
			}
			if name != "server" && name != "temporal-ui" && name != "prometheus" {
				complain(name, "publishes port %s", port.Published)
			}
		}
		if service.NetworkMode == "host" || service.Privileged {
			complain(name, "escapes its container")
		}
		if !pinned(service) {
			complain(name, "image %s is not pinned", service.Image)
		}
		for on, dependency := range service.DependsOn {
			checkDependency(project.Services[on], on, dependency, func(format string, args ...any) { complain(name, format, args...) })
		}
		for key, value := range service.Environment {
			if secretName.MatchString(key) && !strings.HasSuffix(key, "_FILE") {
				complain(name, "%s is a secret given as text", key)
			}
			if value != nil && literalPassword.MatchString(*value) {
				complain(name, "%s holds a password", key)
			}
			if strings.HasPrefix(key, "GONGZHI_") && !slices.Contains(settings, strings.TrimSuffix(key, "_FILE")) {
				complain(name, "no program reads %s", key)
			}
			if file, ok := strings.CutPrefix(deref(value), "/run/secrets/"); ok && !grants(service, file) {
				complain(name, "%s names a secret that is not granted", key)
			}
		}
		for _, secret := range service.Secrets {
			if _, ok := project.Secrets[secret.Source]; !ok {
				complain(name, "secret %s does not exist", secret.Source)
			}
		}
	}
	for name, secret := range project.Secrets {
		if secret.Content != "" || secret.Environment == "" {
			found = append(found, "secret "+name+" must come from the environment")
		}
	}
	slices.Sort(found)
	return found
}

var (
	secretName      = regexp.MustCompile(`(?i)(passw|_pwd|secret|token|key|database_url)`)
	literalPassword = regexp.MustCompile(`://[^/@:]+:[^/@]+@`)
	versionTag      = regexp.MustCompile(`:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$`)
)

// pinned says whether an image names an exact version, or is built from this repository.
func pinned(service types.ServiceConfig) bool {
	return service.Build != nil || versionTag.MatchString(service.Image)
}

func checkDependency(service types.ServiceConfig, on string, dependency types.ServiceDependency, complain func(string, ...any)) {
	switch dependency.Condition {
	case types.ServiceConditionHealthy:
		if service.HealthCheck == nil || service.HealthCheck.Disable || len(service.HealthCheck.Test) == 0 {
			complain("waits for the health of %s, which has no check", on)
		}
	case types.ServiceConditionCompletedSuccessfully:
		if !slices.Contains(oneShots, on) {
			complain("waits for the end of %s, which never ends", on)
		}
	default:
		complain("does not wait until %s is ready", on)
	}
}

func grants(service types.ServiceConfig, secret string) bool {
	return slices.ContainsFunc(service.Secrets, func(s types.ServiceSecretConfig) bool { return s.Source == secret })
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// TestGuards breaks the file in every way that problems looks for.
func TestGuards(t *testing.T) {
	t.Parallel()
	original, err := os.ReadFile(composeFile)
	require.NoError(t, err)
	for name, c := range map[string]struct{ old, new, want string }{
		"open port":        {"- 127.0.0.1:${GONGZHI_PORT:-8080}:8080", "- 8080:8080", "published beyond loopback"},
		"database port":    {"image: postgres:", "ports: [127.0.0.1:5432:5432]\n    image: postgres:", "publishes port"},
		"password file":    {"POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password", "POSTGRES_PASSWORD: example", "given as text"},
		"password in url":  {"GONGZHI_TEMPORAL_ADDRESS: temporal:7233", "GONGZHI_TEMPORAL_ADDRESS: http://a:b@temporal", "holds a password"},
		"unknown setting":  {"GONGZHI_LISTEN:", "GONGZHI_LISTENS:", "no program reads GONGZHI_LISTENS"},
		"secret withheld":  {"secrets: [gongzhi_database_url]", "secrets: []", "not granted"},
		"endless":          {"temporal-namespace: { condition: service_completed_successfully }", "temporal-ui: { condition: service_completed_successfully }", "never ends"},
		"without health":   {"temporal-namespace: { condition: service_completed_successfully }", "temporal-ui: { condition: service_healthy }", "has no check"},
		"impatient":        {"postgres: { condition: service_healthy }", "postgres: { condition: service_started }", "does not wait until postgres is ready"},
		"floating version": {"image: temporalio/ui:2.54.1", "image: temporalio/ui:latest", "not pinned"},
		"secret in a file": {"environment: POSTGRES_PASSWORD\n", "file: ./password\n", "must come from the environment"},
		"measures":         {"engine]\n    healthcheck", "engine]\n    ports: [127.0.0.1:9464:9464]\n    healthcheck", "publishes port"},
		"privileged":       {"image: temporalio/server", "privileged: true\n    image: temporalio/server", "escapes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(string(original), c.old, c.new, 1)
			require.NotEqual(t, string(original), broken, "the file no longer says %q", c.old)
			file := filepath.Join(t.TempDir(), "docker-compose.yml")
			require.NoError(t, os.WriteFile(file, []byte(broken), 0o600))
			require.Contains(t, strings.Join(problems(load(t, file)), "\n"), c.want)
		})
	}
}

// TestSecretsAreWrittenOnce runs the script that makes the passwords.
func TestSecretsAreWrittenOnce(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), ".env")
	out, err := exec.Command("./new-secrets", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	first, err := os.ReadFile(file)
	require.NoError(t, err)
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	given := map[string]string{}
	for line := range strings.Lines(string(first)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		require.True(t, ok, line)
		given[key] = value
	}
	for name, secret := range load(t, composeFile).Secrets {
		require.NotEmpty(t, given[secret.Environment], "%s is not written for the secret %s", secret.Environment, name)
		require.GreaterOrEqual(t, len(given[secret.Environment]), 48)
	}
	require.Contains(t, given["GONGZHI_DATABASE_URL"], given["GONGZHI_DB_PASSWORD"])
	require.NotEqual(t, given["POSTGRES_PASSWORD"], given["TEMPORAL_DB_PASSWORD"])

	require.Error(t, exec.Command("./new-secrets", file).Run(), "a second run must refuse")
	second, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, first, second)
}
