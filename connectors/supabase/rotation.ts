import type { Rotation } from '../../contract/connector.ts';

/**
 * Supabase's calls for API keys need a token that opens the whole account, so a person makes the new key in the dashboard.
 * Old and new secret keys work side by side until a person deletes the old one, without a limit of time.
 */
export const rotation: Rotation = {
  credentials: ['publishableKey', 'secretKey'],
  kind: 'guided',
  overlap: { possible: true, hours: undefined },
  steps: [
    {
      en: 'Open https://supabase.com/dashboard/project/_/settings/api-keys and choose the project.',
      ar: 'افتح https://supabase.com/dashboard/project/_/settings/api-keys واختر المشروع.',
    },
    {
      en: 'Create a new key there: publishable (sb_publishable_…) or secret (sb_secret_…). Leave the old key as it is: both work side by side. A legacy key (anon, service_role) is not renewed but replaced by a new one of this kind.',
      ar: 'أنشئ هناك مفتاحًا جديدًا: علنيًا (sb_publishable_…) أو سريًا (sb_secret_…). اترك المفتاح القديم كما هو: يعمل الاثنان معًا. أما المفتاح من النوع القديم (anon أو service_role) فلا يُجدَّد، بل يحل محله مفتاح جديد من هذا النوع.',
    },
    {
      en: 'Copy the new key and give it to Graft as the new credential.',
      ar: 'انسخ المفتاح الجديد وأعطه لـ Graft كبيانات اعتماد جديدة.',
    },
    {
      en: 'Restart the server that uses the secret key. A new publishable key reaches people with the next build or update of the app, so keep the old one until hardly anyone runs an older version.',
      ar: 'أعد تشغيل الخادم الذي يستخدم المفتاح السري. أما المفتاح العلني الجديد فيصل إلى الناس مع البناء أو التحديث التالي للتطبيق، فأبقِ القديم إلى أن يكاد لا يبقى أحد على نسخة أقدم.',
    },
    {
      en: 'Then delete the old key on the same page; that cannot be undone. Legacy keys are disabled there, both at once, and can be enabled again.',
      ar: 'بعد ذلك احذف المفتاح القديم في الصفحة نفسها؛ لا يمكن التراجع عن الحذف. أما المفاتيح من النوع القديم فتُعطَّل هناك معًا دفعة واحدة، ويمكن تفعيلها من جديد.',
    },
  ],
};
