import type { Rotation } from '../../contract/connector.ts';

/**
 * RevenueCat has no call that makes or revokes a secret key, so a person does it in the dashboard. A project may have any number
 * of them, so the old one works until it is revoked. The SDK keys cannot be changed: each belongs to its app for good.
 */
export const rotation: Rotation = {
  credentials: ['secretKey'],
  kind: 'guided',
  overlap: { possible: true, hours: undefined },
  steps: [
    {
      en: 'Open https://app.revenuecat.com, choose the project, then API keys. You need to be an admin of the project.',
      ar: 'افتح https://app.revenuecat.com واختر المشروع ثم API keys. يجب أن تكون مسؤولًا (Admin) في المشروع.',
    },
    {
      en: 'Choose "+ New secret API key", version V2, and allow it to read projects, apps and entitlements under project configuration.',
      ar: 'اختر "+ New secret API key" بالإصدار V2، واسمح له بقراءة المشاريع والتطبيقات والاستحقاقات ضمن project configuration.',
    },
    {
      en: 'Copy the new key and give it to Graft as the new credential.',
      ar: 'انسخ المفتاح الجديد وأعطه لـ Graft كبيانات اعتماد جديدة.',
    },
    {
      en: 'Revoke the old key in the same list; it stops working at once. The app has no part in this: it never held the key.',
      ar: 'ألغِ المفتاح القديم من القائمة نفسها، ويتوقف فورًا. لا علاقة للتطبيق بهذا: لم يحمل المفتاح قط.',
    },
  ],
};
