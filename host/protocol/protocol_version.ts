/**
 * The version of the conversation between the host and a plugin's process. It is raised when a
 * message changes its meaning or its layout, or when a side may no longer leave one out; a new
 * optional field is no reason. It has nothing to do with the version of the product.
 */
export const PROTOCOL_VERSION = 2;
