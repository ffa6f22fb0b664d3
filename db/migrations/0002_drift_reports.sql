ALTER TABLE "drift" ADD COLUMN "held_at" text;--> statement-breakpoint
ALTER TABLE "drift" ADD COLUMN "adopted" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "drift" ADD COLUMN "reported" boolean DEFAULT true NOT NULL;