import express, { type RequestHandler } from 'express';
import { GraftError } from '../contract/errors.ts';

const refuseOtherTypes: RequestHandler = (request, _response, next) => {
  const isEmpty = request.get('Content-Length') === '0';
  if (!isEmpty && request.is('application/json') === false) {
    const fix = 'Send the body as JSON, with "Content-Type: application/json".';
    throw new GraftError('unsupported_media_type', fix, { fields: [{ field: 'Content-Type', fix }] });
  }
  next();
};

/** Reads a JSON body of at most 64 KiB; another type, encoding or size is refused. */
export const readBody: readonly RequestHandler[] = [
  refuseOtherTypes,
  express.json({ limit: 64 * 1024, type: 'application/json', inflate: false }),
];
