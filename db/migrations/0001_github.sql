CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"event" text NOT NULL,
	"action" text NOT NULL,
	"repository" text NOT NULL,
	"branch" text,
	"number" integer,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"handled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "drift" (
	"installation" text PRIMARY KEY NOT NULL,
	"base_commit" text NOT NULL,
	"findings" jsonb NOT NULL,
	"issue_url" text,
	"checked_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "published_values" ADD COLUMN "place" text;--> statement-breakpoint
UPDATE "published_values" SET "place" = 'local:' || "project" || '/' || "environment";--> statement-breakpoint
ALTER TABLE "published_values" ALTER COLUMN "place" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "published_values" DROP CONSTRAINT "published_values_project_environment_name_pk";--> statement-breakpoint
ALTER TABLE "published_values" ADD CONSTRAINT "published_values_place_name_pk" PRIMARY KEY("place","name");--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "drift_report" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "drift" ADD CONSTRAINT "drift_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("received_at") WHERE "deliveries"."handled_at" is null;--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_drift_report" CHECK ("projects"."drift_report" in ('none', 'issue'));