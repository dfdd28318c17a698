from django.urls import path

from surveys.views import duties, filling, joining, reviewing, submitting, uploading

app_name = "surveys"

RESPONSE = "portal/responses/<str:reference>/"
COPY = "portal/responses/<str:reference>/copy/"
REVIEW = "admin/review/"

urlpatterns = [
    path("portal/", duties.duties, name="duties"),
    path("join/", joining.join, name="join"),
    path("join/<str:code>/", joining.join_code, name="join_code"),
    # Writing and handing in.
    path(RESPONSE, filling.fill, name="response"),
    path(f"{RESPONSE}answers/", filling.answer_save, name="answer_save"),
    path(f"{RESPONSE}check/", submitting.check, name="check"),
    path(f"{RESPONSE}submit/", submitting.submit, name="submit"),
    path(f"{RESPONSE}receipt/", submitting.receipt, name="receipt"),
    path(f"{RESPONSE}print/<int:version>/", submitting.print_download, name="print_download"),
    path(f"{RESPONSE}print/<int:version>/state/", submitting.print_state, name="print_state"),
    path(f"{RESPONSE}print/<int:version>/again/", submitting.print_again, name="print_again"),
    # The sealed copy, on the unit's side.
    path(COPY, uploading.copy_upload, name="copy_upload"),
    path(f"{COPY}pages/", uploading.copy_pages, name="copy_pages"),
    path(f"{COPY}send/", uploading.copy_send, name="copy_send"),
    path(f"{COPY}files/<int:file_id>/", uploading.copy_file, name="copy_file"),
    path(f"{COPY}files/<int:file_id>/withdraw/", uploading.copy_withdraw, name="copy_withdraw"),
    path(f"{COPY}files/<int:file_id>/read/", uploading.copy_reread, name="copy_reread"),
    path(f"{COPY}pages/<int:page_id>/thumbnail/", uploading.copy_thumbnail, name="copy_thumbnail"),
    path(f"{COPY}pages/<int:page_id>/number/", uploading.copy_settle, name="copy_settle"),
    path(f"{COPY}pages/<int:page_id>/leave/", uploading.copy_leave, name="copy_leave"),
    # The review desk, on the association's side.
    path(REVIEW, reviewing.review_queue, name="review_queue"),
    path(f"{REVIEW}<str:reference>/", reviewing.review, name="review"),
    path(f"{REVIEW}<str:reference>/take/", reviewing.review_take, name="review_take"),
    path(f"{REVIEW}<str:reference>/pages/<int:page_id>/", reviewing.review_page, name="review_page"),
    path(
        f"{REVIEW}<str:reference>/pages/<int:page_id>/settle/", reviewing.review_settle, name="review_settle"
    ),
    path(f"{REVIEW}<str:reference>/files/<int:file_id>/", reviewing.review_file, name="review_file"),
    path(f"{REVIEW}<str:reference>/register/", reviewing.register_changes, name="register_changes"),
    path(
        f"{REVIEW}<str:reference>/register/<int:change_id>/",
        reviewing.register_change_decide,
        name="register_change_decide",
    ),
]
