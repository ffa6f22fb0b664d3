/** The tables as the client knows them. Write it anew from your project: the next steps in the pull request have the command. */
export type Database = {
  public: {
    Tables: {
      __TABLE__: {
        Row: {
          id: number;
          title: string;
          created_at: string;
          // @if auth
          user_id: string;
          // @end
        };
        Insert: {
          id?: number;
          title: string;
          created_at?: string;
          // @if auth
          user_id?: string;
          // @end
        };
        Update: {
          id?: number;
          title?: string;
          created_at?: string;
          // @if auth
          user_id?: string;
          // @end
        };
        Relationships: [];
      };
    };
    Views: Record<never, never>;
    Functions: Record<never, never>;
  };
};
