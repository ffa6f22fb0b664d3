import type { Rotation } from '../../contract/connector.ts';

/**
 * Only an organization's key may make keys by a call, and Graft does not take that one; so a person does it in the dashboard.
 * An app may have up to 16 keys, so the old one works until it is deleted.
 */
export const rotation: Rotation = {
  credentials: ['apiKey'],
  kind: 'guided',
  overlap: { possible: true, hours: undefined },
  steps: [
    {
      en: 'Open https://dashboard.onesignal.com, choose the app, then Settings, Keys & IDs.',
      ar: 'افتح https://dashboard.onesignal.com واختر التطبيق ثم Settings ثم Keys & IDs.',
    },
    {
      en: 'Choose "Add Key" and copy the new key: it is shown only once. Do not choose "Rotate", which ends the old key at once.',
      ar: 'اختر "Add Key" وانسخ المفتاح الجديد: يُعرض مرة واحدة فقط. لا تختر "Rotate" لأنه يوقف المفتاح القديم فورًا.',
    },
    {
      en: 'Give the new key to Graft as the new credential.',
      ar: 'أعطِ المفتاح الجديد لـ Graft كبيانات اعتماد جديدة.',
    },
    {
      en: 'Delete the old key in the same list once nothing else of yours uses it. The app has no part in this: it never held the key.',
      ar: 'احذف المفتاح القديم من القائمة نفسها بعد أن لا يستخدمه شيء آخر لديك. لا علاقة للتطبيق بهذا: لم يحمل المفتاح قط.',
    },
  ],
};
