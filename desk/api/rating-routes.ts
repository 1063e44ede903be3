/** Ratings as staff may see them. */
import { z } from 'zod';
import { findRating, listRatings } from '../../bot/store/ratings.ts';
import { ratingSchema } from './answers.ts';
import { ApiError } from './errors.ts';
import { raters } from './roles.ts';
import { type Route, route } from './route.ts';
import type { DeskApiOptions } from './router.ts';
import { ratingsQuerySchema } from './schemas.ts';
import { ratingView } from './views.ts';

export function ratingRoutes({ database }: Pick<DeskApiOptions, 'database'>): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/ratings',
        summary: 'The one rating of a conversation, or the newest 200',
        roles: raters,
        query: ratingsQuerySchema,
        response: z.union([ratingSchema, z.array(ratingSchema)]),
        errors: { 404: ['not_rated'] },
      },
      async ({ query: { conversationId }, staff: { role } }) => {
        if (conversationId !== undefined) {
          const rating = await findRating(database.db, conversationId);
          if (rating === undefined) throw new ApiError(404, 'not_rated', '这个对话还没有评价');
          return ratingView(rating, role);
        }
        if (role === 'agent') throw new ApiError(400, 'bad_request', 'conversationId：请指明对话');
        return (await listRatings(database.db, { limit: 200 })).map((rating) => ratingView(rating, role));
      },
    ),
  ];
}
