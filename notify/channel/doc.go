// Package channel sends letters out of the platform: mail, webhooks, text messages.
package channel
