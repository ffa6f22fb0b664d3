import type { Rotation } from '../../contract/connector.ts';

/**
 * Stripe's calls for API keys are a private preview for installed Stripe Apps, so a person rolls the key in the dashboard.
 * While it is rolled the old key may go on for a while, chosen there; how long at most, Stripe does not document.
 */
export const rotation: Rotation = {
  credentials: ['publishableKey', 'secretKey'],
  kind: 'guided',
  overlap: { possible: true, hours: undefined },
  steps: [
    {
      en: 'Open https://dashboard.stripe.com/apikeys (test keys: https://dashboard.stripe.com/test/apikeys).',
      ar: 'افتح https://dashboard.stripe.com/apikeys (مفاتيح الاختبار: https://dashboard.stripe.com/test/apikeys).',
    },
    {
      en: 'In the row of the key choose "Rotate key" and let the old key expire later (24 hours, for example), so that the running app keeps working.',
      ar: 'في صف المفتاح اختر "Rotate key" ودع المفتاح القديم ينتهي لاحقًا (بعد 24 ساعة مثلًا) كي يبقى التطبيق يعمل.',
    },
    {
      en: 'Copy the new key at once, Stripe shows a live key only this one time, and give it to Graft as the new credential.',
      ar: 'انسخ المفتاح الجديد فورًا، فـ Stripe يعرض المفتاح الحقيقي مرة واحدة فقط، ثم أعطه لـ Graft كبيانات اعتماد جديدة.',
    },
    {
      en: 'Restart the server that runs the payment handler. A new publishable key reaches people with the next build of the app.',
      ar: 'أعد تشغيل الخادم الذي ينفّذ معالج الدفع. أما المفتاح العلني الجديد فيصل إلى الناس مع البناء التالي للتطبيق.',
    },
  ],
};
