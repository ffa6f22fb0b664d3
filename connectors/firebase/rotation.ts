import type { Rotation } from '../../contract/connector.ts';

/** A person makes the new key in the console: Google's call for it needs more rights than reading. Keys work side by side until deleted. */
export const rotation: Rotation = {
  credentials: ['serviceAccount', 'apiKey'],
  kind: 'guided',
  overlap: { possible: true, hours: undefined },
  steps: [
    {
      en: 'For a new key of the service account open https://console.firebase.google.com/project/_/settings/serviceaccounts/adminsdk, choose the project, and press "Generate new private key". The old key keeps working.',
      ar: 'لمفتاح جديد لحساب الخدمة افتح https://console.firebase.google.com/project/_/settings/serviceaccounts/adminsdk، واختر المشروع، ثم اضغط "Generate new private key". يبقى المفتاح القديم صالحًا.',
    },
    {
      en: 'Give the whole file to Graft as the new credential, and delete it from your computer.',
      ar: 'أعط الملف كاملًا لـ Graft كبيانات اعتماد جديدة، ثم احذفه من جهازك.',
    },
    {
      en: 'Then delete the old key at https://console.cloud.google.com/iam-admin/serviceaccounts (the account, Keys). Its id is the private_key_id of the old file.',
      ar: 'بعد ذلك احذف المفتاح القديم في https://console.cloud.google.com/iam-admin/serviceaccounts (الحساب ثم Keys). معرّفه هو private_key_id في الملف القديم.',
    },
    {
      en: 'For a new apiKey make one at https://console.cloud.google.com/apis/credentials with the same restrictions and give it to Graft. It is no secret, and reaches people with the next build or update of the app, so delete the old one only when hardly anyone runs an older version.',
      ar: 'لمفتاح apiKey جديد أنشئ واحدًا في https://console.cloud.google.com/apis/credentials بالقيود نفسها وأعطه لـ Graft. ليس سرًّا، ويصل إلى الناس مع البناء أو التحديث التالي للتطبيق، فلا تحذف القديم إلا عندما يكاد لا يبقى أحد على نسخة أقدم.',
    },
  ],
};
