CREATE TABLE "discoveries" (
	"installation" text PRIMARY KEY NOT NULL,
	"account" text NOT NULL,
	"discovered" jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "discoveries" ADD CONSTRAINT "discoveries_installation_installations_id_fk" FOREIGN KEY ("installation") REFERENCES "public"."installations"("id") ON DELETE no action ON UPDATE no action;