import { useState } from 'react';

export type PaymentState = 'idle' | 'busy';

export function usePayments() {
  return useState<PaymentState>('idle');
}
