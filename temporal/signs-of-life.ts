import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';

const everyMs = 4000;

/** Beats for an activity while it runs, so that the server notices within its heartbeat timeout when the worker is gone. */
export class SignsOfLife implements ActivityInboundCallsInterceptor {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const beating = setInterval(() => this.context.heartbeat(), everyMs);
    try {
      return await next(input);
    } finally {
      clearInterval(beating);
    }
  }
}
