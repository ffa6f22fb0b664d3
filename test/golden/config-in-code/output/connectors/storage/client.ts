export const region = "eu" as const;
