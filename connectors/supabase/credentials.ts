import { z } from 'zod';

/** Where a person finds the keys of the project that is open in the dashboard. */
export const keysPage = 'https://supabase.com/dashboard/project/_/settings/api-keys';

/** What a key is, as its own form says: a new key by its prefix, a legacy one by the role in its payload. */
export interface KeyForm {
  kind: 'publishable' | 'secret' | 'temporary' | 'management' | 'anon' | 'service_role' | 'other role' | 'unknown';
  /** Of a legacy key: the project it belongs to, and when it ends, in seconds. */
  ref?: string | undefined;
  expires?: number | undefined;
}

const Payload = z.object({ role: z.string(), ref: z.string().optional(), exp: z.number().optional() });

/** Classifies a key; never throws. */
export function formOf(key: string): KeyForm {
  if (key.startsWith('sb_publishable_')) return { kind: 'publishable' };
  if (key.startsWith('sb_secret_')) return { kind: 'secret' };
  if (key.startsWith('sb_temp_')) return { kind: 'temporary' };
  if (key.startsWith('sbp_')) return { kind: 'management' };
  const payload = /^eyJ[\w-]+\.([\w-]+)\.[\w-]+$/.exec(key)?.[1];
  const parsed = Payload.safeParse(payload === undefined ? undefined : parseBase64(payload));
  if (!parsed.success) return { kind: 'unknown' };
  const { role, ref, exp } = parsed.data;
  return { kind: role === 'anon' || role === 'service_role' ? role : 'other role', ref, expires: exp };
}

function parseBase64(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

interface Wanted {
  /** What to paste, as a person calls it. */
  what: string;
  beginning: string;
  kinds: readonly KeyForm['kind'][];
  /** Other values of Supabase that are pasted by mistake, and what to do. */
  mistaken: Readonly<Partial<Record<KeyForm['kind'], string>>>;
}

const management =
  'This is an access token of a Supabase account, which opens all its projects. Paste a key of the project instead';

const publishable: Wanted = {
  what: 'publishable key',
  beginning: 'sb_publishable_',
  kinds: ['publishable', 'anon'],
  mistaken: {
    secret:
      'This is a secret key, which passes by row level security. It must never be built into an app: paste the publishable key, which begins with sb_publishable_, here.',
    service_role:
      'This is the legacy service_role key, which is a secret and passes by row level security. It must never be built into an app: paste the publishable key, which begins with sb_publishable_, or the legacy anon key, here.',
    temporary:
      'This is a temporary key, which is a secret. Paste the publishable key, which begins with sb_publishable_.',
    management: `${management}: the publishable key, which begins with sb_publishable_.`,
  },
};

const secret: Wanted = {
  what: 'secret key',
  beginning: 'sb_secret_',
  kinds: ['secret', 'service_role'],
  mistaken: {
    publishable: 'This is a publishable key. Paste a secret key, which begins with sb_secret_, here, or leave it out.',
    anon: 'This is the legacy anon key, which is public. Paste a secret key, which begins with sb_secret_, here, or leave it out.',
    temporary: 'This is a temporary key. Paste a lasting secret key, which begins with sb_secret_, here.',
    management: `${management}: a secret key, which begins with sb_secret_.`,
  },
};

/** What is wrong with a key's form, said as the fix; undefined when nothing is. Supabase documents no length, so only what is surely cut off is refused. */
function faultOf(key: string, wanted: Wanted): string | undefined {
  if (key === '') return `Paste the ${wanted.what} from ${keysPage}.`;
  if (key !== key.trim()) return 'Remove the spaces and line breaks before and after the key.';
  if (/[*.…•]{3}|[*…•]/.test(key)) {
    return 'This is the masked form of the key. Reveal the key in the dashboard and copy all of it.';
  }
  const { kind } = formOf(key);
  const mistaken = wanted.mistaken[kind];
  if (mistaken !== undefined) return mistaken;
  if (!wanted.kinds.includes(kind)) {
    return `A ${wanted.what} begins with ${wanted.beginning}. Copy it again from ${keysPage}.`;
  }
  if (key.length > 2000) return 'This is longer than any Supabase key. Copy the key once, and nothing else.';
  if (kind === 'anon' || kind === 'service_role') return undefined;
  const rest = key.slice(wanted.beginning.length);
  if (!/^[\w-]*$/.test(rest)) {
    return 'After its beginning a key has only letters, digits, _ and -. Copy it again, whole and alone.';
  }
  if (rest.length < 20) return 'The key is cut off. Copy all of it.';
  if (rest.length > 200) return 'This is longer than any Supabase key. Copy the key once, and nothing else.';
  return undefined;
}

function keySchema(wanted: Wanted) {
  return z.string(`Paste the ${wanted.what} from ${keysPage}.`).superRefine((key, context) => {
    const fault = faultOf(key, wanted);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });
}

/** The project's reference in its own address; undefined for any other. */
export function refOf(projectUrl: string): string | undefined {
  return /^https:\/\/([a-z]{20})\.supabase\.co$/.exec(projectUrl)?.[1];
}

const pasteUrl =
  'Paste the project URL, such as https://abcdefghijklmnopqrst.supabase.co, from the Connect dialog of the project.';

function faultOfUrl(value: string): string | undefined {
  if (refOf(value) !== undefined || value === '') return value === '' ? pasteUrl : undefined;
  if (value !== value.trim()) return 'Remove the spaces and line breaks before and after the project URL.';
  const dashboard = /^https:\/\/supabase\.com\/dashboard\/project\/[a-z]{20}\b/.test(value);
  if (dashboard) return `This is the address of the dashboard. ${pasteUrl}`;
  if (/^postgres(ql)?:/.test(value)) return `This is the address of the database, with its password. ${pasteUrl}`;
  if (/^https:\/\/[a-z]{20}\.supabase\.co\/./.test(value) || /^https:\/\/[a-z]{20}\.supabase\.co\/$/.test(value)) {
    return 'Leave out everything after .supabase.co, the slash too.';
  }
  if (/^https:\/\/[a-z]+\.supabase\.co$/.test(value)) {
    return 'The part before .supabase.co has 20 letters in every project URL. Copy the URL again, whole.';
  }
  if (value.startsWith('http:')) return `The project URL begins with https. ${pasteUrl}`;
  return `${pasteUrl} A custom domain or a vanity subdomain leads to the same project; a server of your own is not supported.`;
}

const ProjectUrl = z.string(pasteUrl).superRefine((value, context) => {
  const fault = faultOfUrl(value);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

export const Credentials = z
  .strictObject(
    {
      projectUrl: ProjectUrl,
      publishableKey: keySchema(publishable),
      secretKey: keySchema(secret).optional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? 'Supabase takes projectUrl, publishableKey and secretKey only. Remove the other fields.'
          : 'Send an object with projectUrl and publishableKey, and secretKey where the app has a server.',
    },
  )
  .superRefine(({ projectUrl, publishableKey, secretKey }, context) => {
    const ref = refOf(projectUrl);
    if (ref === undefined) return;
    for (const [field, key] of Object.entries({ publishableKey, secretKey })) {
      const own = formOf(key ?? '').ref;
      if (own === undefined || own === ref) continue;
      const message = 'This key belongs to another project than the project URL. Copy both from the same project.';
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
export type Credentials = z.infer<typeof Credentials>;
