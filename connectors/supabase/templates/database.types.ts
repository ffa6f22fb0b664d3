/** Stands in for what print-types.ts writes, for the other templates to be type-checked with. */
export type Database = {
  public: {
    Tables: {
      __TABLE__: {
        Row: { id: number };
        Insert: { id?: number };
        Update: { id?: number };
        Relationships: [];
      };
    };
    Views: Record<never, never>;
    Functions: Record<never, never>;
  };
};
