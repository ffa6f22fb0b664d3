CREATE TABLE "audit" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"entry" jsonb NOT NULL,
	"previous_hash" char(64) NOT NULL,
	"hash" char(64) NOT NULL,
	CONSTRAINT "audit_previous_hash" UNIQUE("previous_hash")
);
--> statement-breakpoint
CREATE TABLE "credential_versions" (
	"id" text PRIMARY KEY NOT NULL,
	"installation" text NOT NULL,
	"number" integer NOT NULL,
	"state" text DEFAULT 'staged' NOT NULL,
	"submission" text NOT NULL,
	"encrypted" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"destroyed_at" timestamp (3) with time zone,
	CONSTRAINT "credential_versions_submission" UNIQUE("submission"),
	CONSTRAINT "credential_versions_number" UNIQUE("installation","number"),
	CONSTRAINT "credential_versions_state" CHECK ("credential_versions"."state" in ('staged', 'current', 'expiring', 'destroyed')),
	CONSTRAINT "credential_versions_destroyed" CHECK (("credential_versions"."state" = 'destroyed') = ("credential_versions"."encrypted" is null))
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"installation" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"step" text NOT NULL,
	"event" text NOT NULL,
	"status" text NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "events_step" CHECK ("events"."step" in ('validate', 'test', 'encrypt', 'generate', 'pipeline', 'pull_request', 'activate', 'deactivate')),
	CONSTRAINT "events_event" CHECK ("events"."event" in ('started', 'done', 'waiting', 'answered', 'undone', 'failed')),
	CONSTRAINT "events_status" CHECK ("events"."status" in ('queued', 'running', 'in_review', 'undoing', 'active', 'removing', 'disconnected', 'removed', 'failed', 'declined', 'expired', 'aborted'))
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"token" text NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" "bytea" NOT NULL,
	"status" integer NOT NULL,
	"location" text NOT NULL,
	"response" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_token_route_key_pk" PRIMARY KEY("token","route","key")
);
--> statement-breakpoint
CREATE TABLE "installations" (
	"id" text PRIMARY KEY NOT NULL,
	"project" text NOT NULL,
	"connector" text NOT NULL,
	"environment" text NOT NULL,
	"alias" text DEFAULT '' NOT NULL,
	"options" jsonb NOT NULL,
	"requested_plan_hash" text,
	"status" text DEFAULT 'queued' NOT NULL,
	"step" text DEFAULT 'validate' NOT NULL,
	"reason" text,
	"attention_since" timestamp (3) with time zone,
	"message" text,
	"next_steps" jsonb,
	"deadline" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "installations_environment" CHECK ("installations"."environment" in ('development', 'staging', 'production')),
	CONSTRAINT "installations_status" CHECK ("installations"."status" in ('queued', 'running', 'in_review', 'undoing', 'active', 'removing', 'disconnected', 'removed', 'failed', 'declined', 'expired', 'aborted')),
	CONSTRAINT "installations_step" CHECK ("installations"."step" in ('validate', 'test', 'encrypt', 'generate', 'pipeline', 'pull_request', 'activate', 'deactivate'))
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"installation" text PRIMARY KEY NOT NULL,
	"project" text NOT NULL,
	"connector" text NOT NULL,
	"alias" text NOT NULL,
	"operation" text NOT NULL,
	"changes_code" boolean NOT NULL,
	"workflow_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "operations_operation" CHECK ("operations"."operation" in ('install', 'remove', 'disconnect', 'reconnect'))
);
--> statement-breakpoint
CREATE TABLE "pipeline_steps" (
	"installation" text NOT NULL,
	"operation" text NOT NULL,
	"subject" text NOT NULL,
	"step" text NOT NULL,
	"verdict" text NOT NULL,
	"summary" text NOT NULL,
	"seconds" real NOT NULL,
	"log" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pipeline_steps_installation_operation_subject_step_pk" PRIMARY KEY("installation","operation","subject","step")
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"installation" text NOT NULL,
	"operation" text NOT NULL,
	"base_commit" text NOT NULL,
	"plan_hash" text NOT NULL,
	"artifact" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "plans_installation_operation_pk" PRIMARY KEY("installation","operation")
);
--> statement-breakpoint
CREATE TABLE "projects" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"code_host" text NOT NULL,
	"repository" text NOT NULL,
	"app_dir" text DEFAULT '' NOT NULL,
	"trusted" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "projects_place" UNIQUE("code_host","repository","app_dir")
);
--> statement-breakpoint
CREATE TABLE "published_values" (
	"project" text NOT NULL,
	"environment" text NOT NULL,
	"name" text NOT NULL,
	"installation" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "published_values_project_environment_name_pk" PRIMARY KEY("project","environment","name")
);
--> statement-breakpoint
CREATE TABLE "pull_requests" (
	"installation" text NOT NULL,
	"operation" text NOT NULL,
	"number" integer NOT NULL,
	"url" text NOT NULL,
	"draft" boolean NOT NULL,
	"head" text NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pull_requests_installation_operation_pk" PRIMARY KEY("installation","operation")
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"id" text PRIMARY KEY NOT NULL,
	"project" text,
	"installation" text,
	"request" text,
	"connector" text NOT NULL,
	"environment" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "submissions_binding" CHECK (("submissions"."installation" is null) = ("submissions"."request" is not null) and ("submissions"."project" is null) = ("submissions"."installation" is null))
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"project" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "credential_versions" ADD CONSTRAINT "credential_versions_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_token_tokens_id_fk" FOREIGN KEY ("token") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "installations" ADD CONSTRAINT "installations_project_projects_id_fk" FOREIGN KEY ("project") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_project_projects_id_fk" FOREIGN KEY ("project") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pipeline_steps" ADD CONSTRAINT "pipeline_steps_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "published_values" ADD CONSTRAINT "published_values_project_projects_id_fk" FOREIGN KEY ("project") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "published_values" ADD CONSTRAINT "published_values_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pull_requests" ADD CONSTRAINT "pull_requests_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_project_projects_id_fk" FOREIGN KEY ("project") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_project_projects_id_fk" FOREIGN KEY ("project") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_by_installation" ON "events" USING btree ("installation","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expiry" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "installations_live" ON "installations" USING btree ("project","connector","environment","alias") WHERE "installations"."status" not in ('removed', 'failed', 'declined', 'expired', 'aborted');--> statement-breakpoint
CREATE INDEX "installations_by_project" ON "installations" USING btree ("project","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_code" ON "operations" USING btree ("project","connector","alias") WHERE "operations"."changes_code";--> statement-breakpoint
CREATE INDEX "pipeline_steps_newest" ON "pipeline_steps" USING btree ("installation","at");--> statement-breakpoint
CREATE INDEX "published_values_by_installation" ON "published_values" USING btree ("installation");--> statement-breakpoint
CREATE INDEX "submissions_by_installation" ON "submissions" USING btree ("installation");--> statement-breakpoint
CREATE INDEX "submissions_expiry" ON "submissions" USING btree ("expires_at");