/** Style sheets are for the bundler: a module that imports one gets nothing from it. */
declare module '*.css';
