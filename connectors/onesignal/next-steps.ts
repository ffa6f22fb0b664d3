import type { AppFacts, NextStep } from '../../contract/connector.ts';
import { importPath } from '../app-modules.ts';
import type { Options } from './options.ts';

interface Generated {
  options: Options;
  app: AppFacts;
  /** Of the generated code, relative to the app. */
  folder: string;
}

/** What is left for people after the merge, in the order to do it. */
export function nextSteps(generated: Generated): NextStep[] {
  return [
    {
      kind: 'build',
      text: {
        en: 'OneSignal brings native code, so build the app anew; Expo Go does not have it. The app needs ios.bundleIdentifier in its configuration before that, because the names of the app group and of the notification extension are made of it.',
        ar: 'يضيف OneSignal شيفرة أصلية، لذا أعد بناء التطبيق؛ لا يعمل في Expo Go. قبل ذلك يحتاج التطبيق إلى ios.bundleIdentifier في إعداداته لأن اسم مجموعة التطبيق وامتداد الإشعارات يُبنيان منه.',
      },
      snippet: 'npx expo run:ios --device\nnpx expo run:android',
    },
    {
      kind: 'values',
      text: {
        en: 'Bring the App ID into .env.local (git ignores it): the first command runs where Graft is, and --to names the folder of the app. Then restart Expo with a clean cache.',
        ar: 'اجلب معرّف التطبيق إلى .env.local (يتجاهله git): يُشغَّل الأمر الأول في مجلد Graft، و--to يحدد مجلد التطبيق. ثم أعد تشغيل Expo بذاكرة مؤقتة نظيفة.',
      },
      snippet: 'npm run -s env -- pull <project> <environment> --to <app>\nnpx expo start --clear',
    },
    ...useSteps(generated),
    ...providerSteps(generated),
  ];
}

function useSteps({ options, app, folder }: Generated): NextStep[] {
  const from = importPath(app, folder);
  const steps: NextStep[] = [
    {
      kind: 'use',
      text: promptTexts[options.permissionPrompt],
      snippet: `import { PermissionButton } from '${from}/permission-button';\n\n<PermissionButton />`,
    },
    {
      kind: 'use',
      text: {
        en: 'React to pressed notifications, for example by opening the screen that was sent along as additional data. Put the hook where the app can navigate.',
        ar: 'تفاعل مع الإشعارات التي يضغطها المستخدم، مثلًا بفتح الشاشة المرسلة ضمن البيانات الإضافية. ضع الخطاف حيث يمكن التنقل في التطبيق.',
      },
      snippet: `import { useNotificationClicks } from '${from}/use-notification-clicks';\n\nuseNotificationClicks(({ data }) => console.log(data));`,
    },
    {
      kind: 'use',
      text: {
        en: 'When people sign in to your app, tell OneSignal your id of them: then you can send to a person on all their devices.',
        ar: 'حين يسجّل الناس الدخول إلى تطبيقك أخبر OneSignal بمعرّفهم لديك، لتتمكن من الإرسال إلى الشخص على كل أجهزته.',
      },
      snippet: `import { signIn, signOut } from '${from}/onesignal';\n\nawait signIn(user.id);`,
    },
  ];
  if (options.inAppMessages) {
    steps.push({
      kind: 'use',
      text: {
        en: 'In-app messages that you design at OneSignal show up by themselves. Set a trigger for those that wait for something.',
        ar: 'تظهر الرسائل التي تصممها في OneSignal داخل التطبيق تلقائيًا. اضبط مشغّلًا (trigger) لما ينتظر حدثًا منها.',
      },
      snippet: `import { addTrigger } from '${from}/in-app-messages';\n\nawait addTrigger('level', '3');`,
    });
  }
  return steps;
}

const promptTexts = {
  button: {
    en: 'Put the button on a screen where people see why they want notifications, and press it on a device: it asks for permission and is gone once they agree.',
    ar: 'ضع الزر في شاشة يفهم فيها الناس فائدة الإشعارات واضغطه على جهاز: يطلب الإذن ويختفي بعد الموافقة.',
  },
  start: {
    en: 'The app asks for permission when it starts. The button is for those who declined: it leads them to the settings.',
    ar: 'يطلب التطبيق الإذن عند تشغيله. الزر لمن رفض: يقوده إلى الإعدادات.',
  },
  provisional: {
    en: 'On iOS notifications arrive quietly from the start, without a question. Android has nothing like it, so put the button on a screen: it asks there.',
    ar: 'على iOS تصل الإشعارات بهدوء منذ البداية دون سؤال. لا مثيل لذلك على أندرويد، لذا ضع الزر في شاشة ليطلب الإذن هناك.',
  },
};

function providerSteps({ options }: Generated): NextStep[] {
  return [
    {
      kind: 'provider',
      text: {
        en: 'Give OneSignal an APNs key (.p8) of your Apple team, under Settings, Push & In-App, Apple iOS. Made for Sandbox & Production, one key serves all builds.',
        ar: 'أعطِ OneSignal مفتاح APNs ‏(.p8) لفريقك لدى Apple ضمن Settings ثم Push & In-App ثم Apple iOS. مفتاح واحد من نوع Sandbox & Production يكفي لكل النسخ.',
      },
      snippet: 'https://documentation.onesignal.com/docs/en/ios-p8-token-based-connection-to-apns',
    },
    {
      kind: 'provider',
      text: {
        en: 'Give OneSignal the service account of a Firebase project (FCM v1), under Settings, Push & In-App, Google Android. The app itself needs no google-services.json for this.',
        ar: 'أعطِ OneSignal حساب خدمة من مشروع Firebase ‏(FCM v1) ضمن Settings ثم Push & In-App ثم Google Android. لا يحتاج التطبيق نفسه إلى google-services.json لهذا.',
      },
      snippet: 'https://documentation.onesignal.com/docs/en/android-firebase-credentials',
    },
    {
      kind: 'provider',
      text: {
        en: `app.json says mode ${options.mode} for all environments, because it is one file. Xcode and EAS replace it by the value of the provisioning profile: development for a debug build on a device, production for TestFlight and the App Store. Where a tool signs with the value as it stands, a build for the App Store needs production and one with a development profile needs development.`,
        ar: `يذكر app.json الوضع ${options.mode} لكل البيئات لأنه ملف واحد. يستبدله Xcode وEAS بقيمة ملف التوقيع: development لنسخة التجربة على جهاز، وproduction لـ TestFlight وApp Store. إن كانت أداة توقّع بالقيمة كما هي فنسخة App Store تحتاج production ونسخة ملف التطوير تحتاج development.`,
      },
      snippet: 'https://developer.apple.com/documentation/bundleresources/entitlements/aps-environment',
    },
    {
      kind: 'provider',
      text: {
        en: 'The notification extension needs an identifier and a provisioning profile of its own at Apple, with the same app group; EAS makes both when it asks you for credentials.',
        ar: 'يحتاج امتداد الإشعارات إلى معرّف وملف توقيع خاصين به لدى Apple مع مجموعة التطبيق نفسها؛ ينشئهما EAS حين يطلب بيانات الاعتماد.',
      },
      snippet: 'npx eas-cli credentials --platform ios',
    },
  ];
}
