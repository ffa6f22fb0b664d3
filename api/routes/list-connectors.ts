import type { Router } from 'express';
import { z } from 'zod';
import { connectors } from '../../connectors/index.ts';
import { allow } from '../authenticate.ts';
import { catalogueEntry } from '../catalogue.ts';
import { parse } from '../parse.ts';

const Query = z.strictObject({
  category: z.string().optional(),
  q: z.string().max(100, 'Search for at most 100 characters.').optional(),
  capability: z.string().optional(),
});

/** `GET /connectors`: the catalogue, by category, capability, or words in name and texts. */
export function listConnectors(router: Router): void {
  router.get('/connectors', allow('read'), (request, response) => {
    const { category, q, capability } = parse(Query, request.query);
    const words = q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
    const found = [...connectors.values()]
      .map(({ manifest }) => manifest)
      .filter((manifest) => category === undefined || manifest.category === category)
      .filter((manifest) => capability === undefined || manifest.capabilities.includes(capability))
      .filter(({ id, name, summary, description }) => {
        const text = [id, name, ...Object.values(summary), ...Object.values(description)].join(' ').toLowerCase();
        return words.every((word) => text.includes(word));
      });
    response.json({ connectors: found.map(catalogueEntry) });
  });
}
