export * from './cosigned-days.ts';
export * from './log-source.ts';
export * from './publisher.ts';
export * from './serve-public.ts';
