ALTER TABLE "operations" DROP CONSTRAINT "operations_operation";--> statement-breakpoint
ALTER TABLE "projects" DROP CONSTRAINT "projects_drift_report";--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "options" jsonb;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_operation" CHECK ("operations"."operation" in ('install', 'update', 'remove', 'disconnect', 'reconnect'));--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_drift_report" CHECK ("projects"."drift_report" in ('none', 'issue', 'pull_request'));