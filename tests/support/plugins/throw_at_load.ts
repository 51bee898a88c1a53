/** Cannot be loaded. */
throw new TypeError("on purpose at load");

export default {};
