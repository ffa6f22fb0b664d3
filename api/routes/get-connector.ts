import type { Router } from 'express';
import { getConnector } from '../../connectors/index.ts';
import { allow } from '../authenticate.ts';
import { catalogueDetails } from '../catalogue.ts';

/** `GET /connectors/:connector`: its texts, form fields, options and compatibility. */
export function getOneConnector(router: Router): void {
  router.get('/connectors/:connector', allow('read'), (request, response) => {
    response.json(catalogueDetails(getConnector(String(request.params['connector'])).manifest));
  });
}
