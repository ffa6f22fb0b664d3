import { useState } from 'react';

export function usePayments() {
  return useState('idle');
}
