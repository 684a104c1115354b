// @rjsf/core names its ajv validator in a helper for tests. The console never compiles schemas in the browser (that
// would need unsafe-eval), so the build puts this in its place.
export default undefined;
