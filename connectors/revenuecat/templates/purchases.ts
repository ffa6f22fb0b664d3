import { apiKey, entitlement, missingKey } from './config';
import {
  type CustomerInfo,
  Purchases,
  PURCHASES_ERROR_CODE,
  type PurchasesOffering,
  type PurchasesPackage,
  unsupported,
} from './sdk';

export type Problem =
  | { status: 'failed'; message: string }
  /** A value is missing in the app; `message` says how to bring it. */
  | { status: 'not_configured'; key: string; message: string };

export type PurchaseResult =
  /** `active`: the customer has the entitlement now. */
  | { status: 'completed'; active: boolean }
  /** A restore found nothing that is still active. */
  | { status: 'nothing_found' }
  /** A parent or a bank has to agree first; the entitlement becomes active when they do. */
  | { status: 'pending' }
  | { status: 'canceled' }
  | Problem;

export type Customer = { status: 'loading' } | { status: 'ready'; info: CustomerInfo } | Problem;

/** What is for sale: the dashboard's current offering, null while there is none. */
export type Offering =
  | { status: 'loading' }
  | { status: 'ready'; offering: PurchasesOffering | null }
  | Problem;

const watchers = new Set<(customer: Customer) => void>();
let setup: { problem: Problem | undefined } | undefined;

/** Configures the SDK the first time; gives what stands in the way of it, or undefined. */
function setUp(): Problem | undefined {
  setup ??= { problem: configure() };
  return setup.problem;
}

function configure(): Problem | undefined {
  if (unsupported) return { status: 'failed', message: unsupported };
  if (!apiKey) return { status: 'not_configured', ...missingKey };
  try {
    Purchases.configure({ apiKey });
    Purchases.addCustomerInfoUpdateListener(tellWatchers);
    return undefined;
  } catch (error) {
    // Expo Go has no store and takes only a Test Store key, and a build made before has no native code.
    return failure(error);
  }
}

function tellWatchers(info: CustomerInfo) {
  for (const watcher of watchers) watcher({ status: 'ready', info });
}

/** Runs `work` with the SDK set up; whatever goes wrong is a result too. */
export async function withPurchases<Result>(
  work: () => Promise<Result>,
): Promise<Result | Problem> {
  const problem = setUp();
  if (problem) return problem;
  try {
    return await work();
  } catch (error) {
    return failure(error);
  }
}

/** Tells `watcher` about the customer now and after each change; gives the function that ends it. */
export function watchCustomer(watcher: (customer: Customer) => void): () => void {
  watchers.add(watcher);
  void loadCustomer().then((customer) => {
    if (watchers.has(watcher)) watcher(customer);
  });
  return () => {
    watchers.delete(watcher);
  };
}

function loadCustomer(): Promise<Customer> {
  return withPurchases(async () => ({ status: 'ready', info: await Purchases.getCustomerInfo() }));
}

/** Asks what is for sale. Never rejects. */
export function loadOffering(): Promise<Offering> {
  return withPurchases(async () => {
    const { current } = await Purchases.getOfferings();
    return { status: 'ready', offering: current };
  });
}

/** Buys a package of the offering. Never rejects. */
export function purchase(chosen: PurchasesPackage): Promise<PurchaseResult> {
  return withPurchases(async () => {
    try {
      const { customerInfo } = await Purchases.purchasePackage(chosen);
      return completed(customerInfo);
    } catch (error) {
      const code = codeOf(error);
      if (code === PURCHASES_ERROR_CODE.PURCHASE_CANCELLED_ERROR) return { status: 'canceled' };
      if (code === PURCHASES_ERROR_CODE.PAYMENT_PENDING_ERROR) return { status: 'pending' };
      throw error;
    }
  });
}

/** Brings back what the customer bought before, on another device say. Never rejects. */
export function restore(): Promise<PurchaseResult> {
  return withPurchases(async () => {
    const info = await Purchases.restorePurchases();
    const found = Object.keys(info.entitlements.active).length > 0;
    return found ? completed(info) : { status: 'nothing_found' };
  });
}

/** Ties purchases to the person who signed in to the app, by your id of them. Never rejects. */
export function signIn(userId: string): Promise<PurchaseResult> {
  return withPurchases(async () => completed((await Purchases.logIn(userId)).customerInfo));
}

/** Goes back to an anonymous customer. Never rejects. */
export function signOut(): Promise<PurchaseResult> {
  return withPurchases(async () => {
    const anonymous = await Purchases.isAnonymous();
    return completed(anonymous ? await Purchases.getCustomerInfo() : await Purchases.logOut());
  });
}

// @if ui
/** Reads the customer again, after RevenueCat's own screens. */
export async function refreshCustomer(): Promise<PurchaseResult> {
  return completed(await Purchases.getCustomerInfo());
}

// @end
function completed(info: CustomerInfo): PurchaseResult {
  tellWatchers(info);
  return { status: 'completed', active: info.entitlements.active[entitlement] !== undefined };
}

function failure(error: unknown): Problem {
  return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
