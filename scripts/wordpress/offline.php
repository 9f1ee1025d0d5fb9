<?php
// A must-use plugin: WordPress stays on this machine. There is no mail here, and PHP's own server answers one request at
// a time, so that a request of WordPress to itself would wait for itself.
add_filter('pre_wp_mail', '__return_true');
add_filter('block_local_requests', '__return_true');
